"""The pages on which entries are written and reviewed."""

import json
import re

import pytest

from accounts.models import OutgoingMail
from catalogue import services
from catalogue.models import Draft
from catalogue.sections import SECTIONS
from tests.api_clients import client_of
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
TYPED = [section.slug for section in SECTIONS if section.slug != "attachments"]
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')  # another one each time


@pytest.fixture
def draft():
    return make.DraftFactory()


@pytest.fixture
def editor(draft):
    return client_of(make_hubs.MembershipFactory(hub=draft.hub).member)


def text_of(answer):
    return answer.content.decode()


def address(draft, *parts):
    return "/".join(["/catalogue/drafts", str(draft.pk), *parts, ""])


def version_in(editor, url):
    return editor.get(url).context["form"].initial["version"]


def test_a_draft_is_begun_in_the_reader_s_language(editor, draft):
    answer = editor.post(
        "/catalogue/drafts/new/", {"hub": draft.hub.slug, "title": "Wells", "language": "fr"}
    )

    new = Draft.objects.latest("pk")
    assert answer.headers["Location"] == address(new)
    assert (new.content["title"], new.content["language"]) == ("Wells", "fr")


def test_a_draft_is_begun_for_a_hub_of_one_s_own_only(editor):
    other = make_hubs.HubFactory(slug="not-mine")

    answer = editor.post(
        "/catalogue/drafts/new/", {"hub": other.slug, "title": "Wells", "language": "fr"}
    )

    assert "hub" in answer.context["form"].errors
    assert Draft.objects.filter(hub=other).count() == 0


def test_the_task_list_says_what_is_missing(editor, draft):
    draft.content["sectors"] = []
    draft.save()

    page = text_of(editor.get(address(draft)))

    assert "Missing: sectors" in page
    assert "1 thing is missing" in page
    assert "What others can learn" not in page


def test_a_snapshot_becomes_a_full_entry(editor, draft):
    editor.post(address(draft, "complete"))

    page = text_of(editor.get(address(draft)))
    assert "What others can learn" in page
    assert "Make it a full entry" not in page


@pytest.mark.parametrize("section", TYPED)
def test_saving_a_section_as_it_is_changes_nothing(editor, draft, section):
    url = address(draft, section)
    form = editor.get(url).context["form"]
    rows = getattr(form, "rows", None)
    typed = {"version": form.initial["version"]}
    for each in [form] if rows is None else [rows.management_form, *rows]:
        for field in each:
            value = field.value()
            if value not in (None, False):
                typed[field.html_name] = value

    answer = editor.post(url, typed)

    assert answer.status_code == 302, answer.context["form"].errors
    before = draft.content
    draft.refresh_from_db()
    assert draft.content == before


def test_rows_are_added_changed_and_removed(editor, draft):
    url = address(draft, "sources")
    typed = {
        "version": version_in(editor, url),
        "rows-TOTAL_FORMS": 3,
        "rows-INITIAL_FORMS": 1,
        "rows-0-title": "Report",
        "rows-0-address": "https://example.org/report",
        "rows-0-DELETE": "on",
        "rows-1-title": "Second",
        "rows-1-address": "https://example.org/second",
        "rows-2-title": "",
        "rows-2-address": "",
    }

    assert editor.post(url, typed).headers["Location"] == address(draft)
    draft.refresh_from_db()
    assert [row["title"] for row in draft.content["sources"]] == ["Second"]


def test_rows_saved_twice_by_a_script_are_kept_once(editor, draft):
    url = address(draft, "sources")
    typed = {
        "version": version_in(editor, url),
        "rows-TOTAL_FORMS": 2,
        "rows-INITIAL_FORMS": 1,
        "rows-0-title": "Report",
        "rows-0-address": "https://example.org/report",
        "rows-1-title": "Second",
        "rows-1-address": "https://example.org/second",
    }
    for _each in range(2):
        answer = editor.post(url, typed, headers={"X-Autosave": "1"})
        typed["version"] = json.loads(answer.content)["version"]

    draft.refresh_from_db()
    assert [row["title"] for row in draft.content["sources"]] == ["Report", "Second"]


@pytest.mark.parametrize(
    ("section", "name", "value", "words"),
    [
        ("summary", "title", "", "This field is required"),
        ("summary", "summary", "x" * 601, "at most 600 characters"),
        ("summary", "language", "xx", "not one of the available choices"),
        ("codes", "countries", "XX", "not one of the available choices"),
        ("codes", "year_from", "99999999999999999999", "less than or equal to 2100"),
        ("story", "challenge", "a\x00b", "Null characters"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_is_kept(
    editor, draft, section, name, value, words
):
    url = address(draft, section)
    form = editor.get(url).context["form"]
    typed = {key: form[key].value() for key in form.fields if form[key].value() is not None}

    answer = editor.post(url, typed | {name: value})

    assert answer.status_code == 200
    assert words in str(answer.context["form"].errors[name])
    assert answer.context["form"][name].value() in (value, [value])


def test_years_in_the_wrong_order_are_said_at_the_last(editor, draft):
    url = address(draft, "codes")
    answer = editor.post(
        url, {"version": version_in(editor, url), "year_from": 2015, "year_to": 2001}
    )

    assert "before the first" in str(answer.context["form"].errors["year_to"])


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"rows-0-statement": "Banks", "rows-0-value": "12"}, "in which unit"),
        ({"rows-0-statement": "Banks", "rows-0-value": "1e99"}, "digits"),
        ({"rows-0-statement": "Banks", "rows-0-level": "none"}, "not one of the available"),
        ({"rows-0-value": "12", "rows-0-unit": "banks"}, "required"),
    ],
)
def test_a_wrong_row_is_said_in_the_summary(editor, draft, rows, words):
    url = address(draft, "results")
    typed = {"version": version_in(editor, url), "rows-TOTAL_FORMS": 1, "rows-INITIAL_FORMS": 0}

    page = text_of(editor.post(url, typed | rows))

    assert "There is a problem" in page
    assert words in page
    assert "<title>Error:" in page


@pytest.mark.parametrize("total", ["x", "-1", "9999999"])
def test_a_broken_number_of_rows_is_no_failure(editor, draft, total):
    url = address(draft, "results")
    typed = {"version": version_in(editor, url), "rows-TOTAL_FORMS": total}

    assert editor.post(url, typed | {"rows-INITIAL_FORMS": "0"}).status_code == 200


def test_both_texts_are_shown_when_somebody_saved_meanwhile(editor, draft):
    url = address(draft, "story")
    seen = version_in(editor, url)
    editor.post(url, {"version": seen, "challenge": "Theirs.", "what_was_done": "Wells."})

    answer = editor.post(url, {"version": seen, "challenge": "Mine.", "what_was_done": "Wells."})

    page = text_of(answer)
    assert answer.status_code == 409
    assert "Theirs." in page
    assert "Mine." in page
    again = answer.context["form"].data["version"]
    typed = {"version": again, "challenge": "Both.", "what_was_done": "Wells."}
    assert editor.post(url, typed).status_code == 302


def test_both_lists_are_shown_when_somebody_saved_rows_meanwhile(editor, draft):
    url = address(draft, "partners")
    seen = version_in(editor, url)
    rows = {"rows-TOTAL_FORMS": 1, "rows-INITIAL_FORMS": 0, "rows-0-role": "funder"}
    editor.post(url, {"version": seen, **rows, "rows-0-name": "Their fund"})

    answer = editor.post(url, {"version": seen, **rows, "rows-0-name": "My fund"})

    assert answer.status_code == 409
    assert "Their fund" in text_of(answer)
    assert "My fund" in text_of(answer)


def test_a_script_is_told_of_a_save_a_mistake_and_a_clash(editor, draft):
    url = address(draft, "story")
    seen = version_in(editor, url)
    headers = {"X-Autosave": "1"}

    saved = editor.post(url, {"version": seen, "challenge": "A."}, headers=headers)
    wrong = editor.post(url, {"version": seen, "challenge": "x" * 10_001}, headers=headers)
    clash = editor.post(url, {"version": seen, "challenge": "B."}, headers=headers)

    assert (saved.status_code, wrong.status_code, clash.status_code) == (200, 422, 409)
    assert json.loads(saved.content)["version"] != seen
    draft.refresh_from_db()
    assert draft.content["challenge"] == "A."


def test_what_was_typed_is_kept_while_signing_in_again(client, draft):
    url = address(draft, "story")
    member = make_hubs.MembershipFactory(hub=draft.hub).member
    sent = client.post(url, {"version": 1, "challenge": "Typed in vain?"})
    assert "/accounts/login/" in sent.headers["Location"]
    client.force_login(member)

    assert "Typed in vain?" in text_of(client.get(url))


def test_an_entry_much_like_it_is_named(editor, draft):
    make.EntryFactory(title="Village seed banks", countries=["ML"], published=True, slug="banks")
    make.EntryFactory(title="Village seed banks", countries=["BR"], published=True, slug="not-ml")
    make.EntryFactory(title="Village seed banks", countries=["ML"], slug="unpublished-banks")
    draft.content["title"] = "Seed banks in the village"
    draft.save()

    page = text_of(editor.get(address(draft)))

    assert "Is it told already?" in page
    assert "/catalogue/banks/" in page
    assert "not-ml" not in page
    assert "unpublished-banks" not in page


def test_the_check_shows_what_readers_will_see_and_sends_it(editor, draft):
    page = text_of(editor.get(address(draft, "check")))
    assert "Banks opened" in page
    assert "Send to review" in page

    answer = editor.post(address(draft, "check"))

    assert answer.headers["Location"] == address(draft, "sent")
    draft.refresh_from_db()
    assert draft.state == "submitted"
    assert "What happens next" in text_of(editor.get(address(draft, "sent")))


def test_a_second_press_of_the_button_says_that_it_was_sent(editor, draft):
    editor.post(address(draft, "check"))

    answer = editor.post(address(draft, "check"))

    assert answer.status_code == 409
    assert "sent already" in text_of(answer)


def test_the_queue_says_who_waits_for_whom(draft):
    services.submit_draft(draft, by=MemberFactory(moderator=True))
    moderator = client_of(MemberFactory(moderator=True))
    assert "Nobody was asked yet" in text_of(moderator.get("/catalogue/review/"))

    reviewer = make.asked_reviewer(draft)

    page = text_of(moderator.get("/catalogue/review/"))
    assert f"waits for <bdi>{reviewer.name}</bdi>" in page
    make.passed(draft, reviewer)
    assert "waits for" not in text_of(moderator.get("/catalogue/review/"))


def test_the_queue_asks_as_much_for_one_as_for_many(django_assert_max_num_queries):
    moderator = client_of(MemberFactory(moderator=True))
    counts = []
    for number in (1, 10):
        for _each in range(number):
            sent = make.DraftFactory(submitted=True)
            make.passed(sent, make.asked_reviewer(sent))
        with django_assert_max_num_queries(40) as asked:
            moderator.get("/catalogue/review/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_a_reviewer_s_way_from_the_mail_to_publication(draft):
    services.submit_draft(draft, by=MemberFactory(moderator=True))
    reviewer = make.asked_reviewer(draft)
    browser = client_of(reviewer)
    assert f"/catalogue/drafts/{draft.pk}/" in OutgoingMail.objects.get(to=reviewer.email).body
    review = address(draft, "review")
    for gate in ("relevant", "evidence", "usable"):
        typed = {"round": 1, "gate": gate, "verdict": "pass", "note": "Good."}
        assert browser.post(f"{review}verdict/", typed).headers["Location"] == review

    browser.post(f"{review}decision/", {"round": 1, "decision": "published"})

    draft.refresh_from_db()
    assert draft.state == "published"
    assert draft.content["title"] in text_of(browser.get(draft.entry.get_absolute_url()))


def test_a_reviewer_who_does_not_moderate_is_not_offered_to_decline(draft):
    services.submit_draft(draft, by=MemberFactory(moderator=True))
    browser = client_of(make.asked_reviewer(draft))
    url = f"{address(draft, 'review')}decision/"

    answer = browser.post(url, {"round": 1, "decision": "declined", "note": "No."})

    assert answer.status_code == 200
    assert "decision" in answer.context["decision_form"].errors
    draft.refresh_from_db()
    assert draft.state == "submitted"


def test_what_was_typed_stays_when_it_was_decided_meanwhile(draft):
    services.submit_draft(draft, by=MemberFactory(moderator=True))
    browser = client_of(make.asked_reviewer(draft))
    services.decline_draft(draft, note="No.", by=MemberFactory(moderator=True))

    answer = browser.post(f"{address(draft, 'review')}message/", {"text": "But look at page 3."})

    assert answer.status_code == 409
    assert "But look at page 3." in text_of(answer)


def test_what_changed_since_the_last_round_is_shown(editor, draft):
    services.submit_draft(draft, by=MemberFactory(moderator=True))
    services.request_changes(draft, note="Why?", by=MemberFactory(moderator=True))
    url = address(draft, "story")
    typed = {"challenge": "No seed in autumn.", "what_was_done": "Seed banks."}
    editor.post(url, {"version": version_in(editor, url), **typed})

    page = text_of(editor.get(address(draft, "diff")))

    assert '<del><span class="vh">removed: </span>spring</del>' in page
    assert '<ins><span class="vh">added: </span>autumn</ins>' in page


@pytest.mark.parametrize(
    "url",
    [
        *("/", "/catalogue/", "/catalogue/?export=csv", "/catalogue/?export=atom", "/hubs/"),
        *("/search/?q=seed", "/api/v1/entries/?count=true", "/catalogue/?q=seed"),
    ],
)
@pytest.mark.parametrize("who", ["visitor", "another hub's editor"])
def test_drafts_and_reviews_change_not_one_byte_for_others(who, url):
    hub = make_hubs.HubFactory()
    make.EntryFactory(hub=hub, title="Seed", published=True)
    member = None if who == "visitor" else make_hubs.MembershipFactory(head=True).member
    browser = client_of(member)
    before = browser.get(url)

    sent = make.DraftFactory(hub=hub, submitted=True)
    make.passed(sent, make.asked_reviewer(sent))
    services.request_changes(sent, note="Why?", by=MemberFactory(moderator=True))

    after = browser.get(url)
    assert TOKEN.sub(b"", b"".join(after)) == TOKEN.sub(b"", b"".join(before))
    assert after.headers.get("ETag") == before.headers.get("ETag")


def desk(client, drafts, **typed):
    return client.post("/catalogue/review/", {"drafts": [each.pk for each in drafts], **typed})


def test_a_moderator_asks_one_reviewer_for_several_drafts():
    drafts = [make.DraftFactory(submitted=True) for _each in range(2)]
    reviewer = MemberFactory()
    moderator = client_of(MemberFactory(moderator=True))

    desk(moderator, drafts, act="assign", reviewer=reviewer.email)

    assert Draft.objects.reviewable_by(reviewer).count() == 2


def test_several_are_declined_with_one_reason_and_what_cannot_be_is_named():
    good, own = (make.DraftFactory(submitted=True) for _each in range(2))
    member = MemberFactory(moderator=True)
    make_hubs.MembershipFactory(hub=own.hub, member=member, correspondent=True)
    moderator = client_of(member)

    answer = desk(moderator, [good], act="decline", note="Out of scope.")
    assert answer.status_code == 302
    refused = desk(moderator, [own], act="decline", note="Out of scope.")

    good.refresh_from_db()
    own.refresh_from_db()
    assert (good.state, own.state) == ("declined", "submitted")
    assert good.rounds.get().note == "Out of scope."
    assert refused.context["form"].errors["drafts"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"act": "decline"}, "note"),
        ({"act": "assign", "reviewer": "nobody@example.org"}, "reviewer"),
        ({"act": "publish", "note": "All."}, "act"),
    ],
)
def test_the_desk_says_what_is_missing_and_keeps_the_marks(typed, field):
    sent = make.DraftFactory(submitted=True)

    answer = desk(client_of(MemberFactory(moderator=True)), [sent], **typed)

    assert answer.context["form"].errors[field]
    assert f'value="{sent.pk}" checked' in text_of(answer)


@pytest.mark.parametrize("whom", ["nobody@example.org", "reviewer"])
def test_a_reviewer_cannot_find_out_who_has_an_account(whom):
    sent = make.DraftFactory(submitted=True)
    reviewer = make.asked_reviewer(sent)
    asked = reviewer.email if whom == "reviewer" else whom

    answer = client_of(reviewer).post(f"{address(sent, 'review')}assign/", {"reviewer": asked})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("section", "typed"),
    [
        ("story", {"challenge": "Typed in vain?"}),
        ("results", {"rows-0-statement": "Typed in vain?", "rows-1-unit": "banks"}),
    ],
)
def test_who_lost_the_right_meanwhile_gets_back_what_was_typed(editor, draft, section, typed):
    services.submit_draft(draft, by=MemberFactory(moderator=True))

    answer = editor.post(address(draft, section), {"version": 1, **typed})

    assert answer.status_code == 403
    assert "Typed in vain?" in text_of(answer)
