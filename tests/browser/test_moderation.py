"""axe on the pages of moderators, on those of whom they decide on, and on inviting."""

import pytest

from tests.browser.conftest import LOOKS, faults, sign_in
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.moderation import (
    AppealFactory,
    DecisionFactory,
    FlagFactory,
    WatchedWordFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)


def found_on(page, addresses):
    found = {}
    for address in addresses:
        page.goto(address)
        assert page.url.endswith(address)
        if problems := faults(page):
            found[address] = problems
    return found


@LOOKS
def test_pages_of_moderators(open_page, texts, settings, width, language, dark):
    settings.DEMO = True
    flag = FlagFactory(text="It sells cars, and much more of that. " * 10)
    held = make.ThreadFactory(held=True, title="A first question with a long name " * 5)
    decision = DecisionFactory(post=make.PostFactory(), act="dismiss")
    appeal = AppealFactory()
    WatchedWordFactory()
    one, other = MemberFactory(name="A name that is long " * 5), MemberFactory()
    desk = MemberFactory(administrator=True, email="admin@demo.example", language=language)
    page = open_page("/", width=width, language=language, dark=dark)
    sign_in(page, desk, "/community/moderation/")
    person = f"/community/moderation/members/{one.slug}/"

    assert (
        found_on(
            page,
            [
                *("/community/moderation/", "/community/moderation/log/"),
                *("/community/moderation/words/", person, f"{person}merge/"),
                f"{person}merge/?into={other.slug}",
                f"/community/moderation/post/{flag.post.pk}/",
                f"/community/moderation/post/{held.posts.get().pk}/",
                f"/community/moderation/appeal/{appeal.pk}/",
                f"/community/moderation/decisions/{decision.pk}/",
                *("/accounts/invite/", "/community/spaces/new/"),
            ],
        )
        == {}
    )


@LOOKS
def test_pages_of_whom_is_decided_on(open_page, texts, width, language, dark):
    decision = DecisionFactory(post=make.PostFactory(author__language=language))
    post = make.PostFactory()
    page = open_page("/", width=width, language=language, dark=dark)
    sign_in(page, decision.member, "/community/my/decisions/")

    assert (
        found_on(
            page,
            [
                "/community/my/decisions/",
                f"/community/my/decisions/{decision.pk}/appeal/",
                f"/community/flags/post/{post.pk}/",
            ],
        )
        == {}
    )
