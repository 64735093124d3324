"""Spaces and threads in a real browser: a newcomer's first post on its way to the accepted
answer without JavaScript, what is kept while typing with it, and axe.
"""

import pytest

from community.models import Post, PostDraft, Thread
from tests.browser.conftest import LOOKS, faults, follow, join, sign_in
from tests.factories import catalogue
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import HubFactory, MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)
SEND = "main form:has([name=csrfmiddlewaretoken]) button[type=submit]"


def test_somebody_joins_and_their_first_question_is_held_shown_answered_and_settled(
    open_page, texts, settings, live_server, mailoutbox
):
    settings.SITE_URL = live_server.url
    settings.DEMO = True
    make.SpaceFactory(slug="room", name="Counting")
    moderator = MemberFactory(moderator=True, email="moderator@demo.example")
    helper = MembershipFactory(hub=HubFactory(), member__name="Helper").member

    asking = open_page("/", scripts=False, width=320)
    join(asking, "Newcomer", "new@ministry.example")
    admitting = open_page("/", scripts=False)
    sign_in(admitting, moderator, "/accounts/moderation/")
    follow(admitting, "main button:has-text('Approve')")
    asking.goto("/community/room/")
    follow(asking, "main a.btn.alt")  # leads a visitor to the sign-in page and back
    asking.fill("[name=login]", "new@ministry.example")
    asking.fill("[name=password]", "a-long-enough-password")
    follow(asking, "main form button[type=submit]")
    asking.fill("[name=title]", "Who counts the trainees?")
    asking.select_option("[name=kind]", "question")
    asking.fill("[name=text]", "We count *days*.")
    follow(asking, SEND)
    assert "A moderator reads this" in asking.locator("body").inner_text()
    assert "Waits for a moderator" in asking.locator("main").inner_text()
    visitor = open_page("/community/room/", scripts=False)
    assert "Who counts" not in visitor.locator("main").inner_text()

    deciding = admitting
    deciding.goto("/community/moderation/")
    follow(deciding, "main .items a")
    assert "We count *days*." in deciding.locator("main").inner_text()
    deciding.check("input[name=act][value=approve]")
    deciding.fill("[name=reason]", "A good question.")
    follow(deciding, "form:has(input[name=act]) button[type=submit]")

    thread = Thread.objects.get()
    assert thread.state == "open"
    answering = open_page("/", scripts=False)
    sign_in(answering, helper, thread.get_absolute_url())
    follow(answering, "article a:has-text('Answer')")
    assert answering.input_value("[name=text]").startswith("> We count *days*.")
    answering.fill("[name=text]", "Count **people**.")
    follow(answering, SEND)
    assert "Count people." in answering.locator("#post-2").inner_text()

    asking.goto(thread.get_absolute_url())
    follow(asking, "#post-2 button:has-text('This is the answer')")
    assert "Accepted answer" in asking.locator("main h2").all_inner_texts()
    follow(asking, "#post-2 button:has-text('Useful')")
    assert Post.objects.get(number=2).useful_count == 1


def test_a_reply_is_kept_while_it_is_typed(open_page, texts):
    thread = make.ThreadFactory()
    member = MembershipFactory(hub=HubFactory()).member
    page = open_page("/")
    sign_in(page, member, f"/community/threads/{thread.pk}/reply/")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.fill("[name=text]", "Half of what I")
    page.wait_for_function("document.querySelector('[data-autosave-status]').textContent !== ''")

    assert PostDraft.objects.get().text == "Half of what I"
    assert "kept" in page.locator("[data-autosave-status]").inner_text()


def test_a_name_is_offered_and_taken_by_keyboard(open_page, texts):
    thread = make.ThreadFactory()
    MemberFactory(slug="ana-silva-7", name="Ana Silva")
    MemberFactory(slug="ana-zubeida", name="Ana Zubeida")
    page = open_page("/")
    sign_in(page, MemberFactory(), f"/community/threads/{thread.pk}/reply/")
    page.fill("[name=text]", "")
    page.locator("[name=text]").press_sequentially("I ask @an")
    page.wait_for_selector("#naming li")
    told = faults(page)

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("[name=text]") == "I ask @ana-zubeida "
    page.locator("[name=text]").press_sequentially("and @silva")
    page.wait_for_selector("#naming li")
    page.keyboard.press("Escape")

    assert page.input_value("[name=text]").endswith("and @silva")
    assert page.locator("#naming").is_hidden()
    assert not told


@LOOKS
def test_axe_finds_nothing(open_page, texts, width, language, dark):
    space = make.SpaceFactory(slug="room", name="A room with a long name " * 4)
    keeper = make.SpacePersonFactory(space=space, moderator=True, member__language=language).member
    thread = make.ThreadFactory(
        space=space,
        question=True,
        author=keeper,
        title="A question with a long name " * 6,
        is_pinned=True,
        summary="So it is.",
        summary_html="<p>So it is.</p>",
    )
    answer = make.PostFactory(thread=thread, html="<blockquote><p>So?</p></blockquote><h3>Yes</h3>")
    thread.accepted = answer
    thread.save()
    make.PostFactory(thread=thread, state="held")
    make.PostFactory(
        thread=thread, state="removed", removed_reason="Advertising", removed_by=keeper
    )
    make.ThreadFactory(space=space)
    entry = catalogue.EntryFactory(published=True, slug="boats")
    make.PostFactory(thread=make.ThreadFactory(comments=True, author=None, posts=0, entry=entry))
    page = open_page("/", width=width, language=language, dark=dark)
    sign_in(page, keeper, "/community/")
    found = {}
    for path in (
        *("/community/", "/community/threads/", "/community/room/", "/community/room/new/"),
        *("/community/room/edit/", "/community/room/people/", thread.get_absolute_url()),
        *(f"/community/threads/{thread.pk}/{act}/" for act in ("reply", "split", "close")),
        *(f"/community/posts/{answer.pk}/history/", "/catalogue/boats/"),
    ):
        page.goto(path)
        if problems := faults(page):
            found[path] = problems

    assert found == {}
