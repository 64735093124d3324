"""Members, texts, messages, mail and activities in the admin."""

import datetime

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.legal import current_key
from accounts.models import (
    Acceptance,
    Activity,
    ContactMessage,
    LegalText,
    MailAddress,
    Member,
    OutgoingMail,
)
from accounts.services import record_activity
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
MEMBERS = "/admin/accounts/member/"


@pytest.fixture
def moderator():
    return MemberFactory(moderator=True, name="Moderator")


@pytest.fixture
def staff(moderator):
    """Return a client signed in as a moderator."""
    return client_of(moderator)


@pytest.fixture
def administrator():
    return client_of(MemberFactory(administrator=True))


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def act(client, action, *rows, url=MEMBERS, **typed):
    """Choose `action` for `rows` of a list and send what its page asks for."""
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(url, chosen | typed, follow=True)


def text(**columns):
    return LegalText.objects.create(
        **{"kind": "terms", "version": 9, "body": "Be fair.", "effective_on": "2030-01-01"}
        | columns
    )


def rows_of_everything():
    member = MemberFactory(name="Agnes")
    message = ContactMessage.objects.create(kind="issue", text="Agnes writes", member=member)
    legal = LegalText.objects.order_by("pk").first() or text(is_published=True)
    Acceptance.objects.create(member=member, text=legal)
    record_activity("message.received", message, by=member)
    MailAddress.objects.create(address=f"agnes{member.pk}@example.org")
    OutgoingMail.objects.create(key=f"k{member.pk}", to="agnes@example.org", subject="s", body="b")


MODELS = [
    model for model in sorted(admin.site._registry, key=str) if model._meta.app_label == "accounts"
]
ADMINISTRATORS_ONLY = {LegalText, MailAddress, OutgoingMail}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_lists_and_pages_are_for_moderators_at_a_constant_cost(
    staff, administrator, django_assert_max_num_queries, model
):
    client = administrator if model in ADMINISTRATORS_ONLY else staff
    url = f"/admin/accounts/{model._meta.model_name}/"
    rows_of_everything()
    row = model._default_manager.order_by("-pk").first()
    assert client.get(f"{url}?q=agnes").status_code == 200
    counts = []
    for _ in range(2):
        for _number in range(3):
            rows_of_everything()
        with django_assert_max_num_queries(14) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert client.get(f"{url}{row.pk}/change/").status_code == 200
    if model in ADMINISTRATORS_ONLY:
        assert staff.get(url).status_code == 403


def test_members_are_approved_from_the_list_with_a_reason(staff):
    waiting = [MemberFactory(pending=True), MemberFactory(pending=True)]

    asked = act(staff, "approve", *waiting)
    done = act(staff, "approve", *waiting, reason="Known to us.")

    assert 'name="reason"' in asked.text
    assert messages_of(done) == ["Done: 2 rows."]
    states = Member.objects.filter(pk__in=[member.pk for member in waiting])
    assert set(states.values_list("status", "status_reason")) == {("active", "Known to us.")}
    assert Activity.objects.filter(verb="member.approved").count() == 2


def test_suspending_needs_a_reason_and_spares_those_of_higher_rank(staff):
    equal, member = MemberFactory(moderator=True, name="Equal"), MemberFactory()

    asked = act(staff, "suspend", equal, member, reason=" ")
    assert "This field is required." in asked.text
    assert Member.objects.get(pk=member.pk).status == "active"
    done = act(staff, "suspend", equal, member, reason="Spam.")

    assert set(messages_of(done)) == {"Equal: this is not yours to decide.", "Done: 1 row."}
    assert Member.objects.get(pk=member.pk).status == "suspended"
    assert Member.objects.get(pk=equal.pk).status == "active"


def test_refusals_are_said_in_words(staff):
    member = MemberFactory(name="Agnes")

    done = act(staff, "approve", member, reason="Again.")

    assert messages_of(done) == ["Agnes: This member was decided already."]


@pytest.mark.parametrize(
    ("action", "traits", "status"),
    [
        ("decline", {"pending": True}, "suspended"),
        ("limit", {}, "limited"),
        ("reinstate", {"suspended": True}, "active"),
    ],
)
def test_other_decisions_over_members(staff, action, traits, status):
    member = MemberFactory(**traits)

    act(staff, action, member, reason="Because.")

    assert Member.objects.get(pk=member.pk).status == status


def test_only_administrators_give_roles(staff, administrator):
    member = MemberFactory()

    act(staff, "give_role", member, role="moderator")
    assert Member.objects.get(pk=member.pk).role == "member"
    assert "give_role" not in staff.get(MEMBERS).text
    act(administrator, "give_role", member, role="moderator")

    assert Member.objects.get(pk=member.pk).role == "moderator"


def test_members_cannot_be_written_or_deleted(staff, administrator):
    member = MemberFactory(name="Agnes")
    for client in (staff, administrator):
        client.post(f"{MEMBERS}{member.pk}/change/", {"name": "Other", "status": "closed"})
        assert client.post(f"{MEMBERS}{member.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.get(f"{MEMBERS}add/").status_code == 403
        act(client, "delete_selected", member, post="yes")

    member.refresh_from_db()
    assert (member.name, member.status) == ("Agnes", "active")


def test_of_a_profile_moderators_read_what_is_shown_to_others(staff):
    member = MemberFactory(biography="Kept to myself.", visibility={"biography": "nobody"})

    shown = staff.get(f"{MEMBERS}{member.pk}/change/")

    assert "Kept to myself." not in shown.text
    assert member.email in shown.text
    assert member.password not in shown.text


def test_what_was_done_to_a_member_is_found_from_their_page(staff):
    member = MemberFactory(pending=True, name="Agnes")
    act(staff, "approve", member, reason="Known.")
    MemberFactory(pending=True)

    found = staff.get(f"{MEMBERS}{member.pk}/history/", follow=True)

    assert [row.verb for row in found.context["cl"].result_list] == ["member.approved"]
    assert staff.get(f"{MEMBERS}999999/history/").status_code == 404


def test_activities_are_read_only(staff, administrator, moderator):
    activity = record_activity("message.received", moderator, by=None)
    url = f"/admin/accounts/activity/{activity.pk}"

    for client in (staff, administrator):
        assert client.get(f"{url}/change/").status_code == 200
        assert client.post(f"{url}/change/", {"verb": "x"}).status_code == 403
        assert client.post(f"{url}/delete/", {"post": "yes"}).status_code == 403
        assert client.get("/admin/accounts/activity/add/").status_code == 403


def test_the_audit_trail_is_filtered_by_what_was_done(staff, moderator):
    record_activity("message.received", moderator, by=None)
    record_activity("member.joined", moderator, by=None)

    found = staff.get("/admin/accounts/activity/?verb=member.joined")

    assert [row.verb for row in found.context["cl"].result_list] == ["member.joined"]


def test_administrators_publish_texts_which_are_then_fixed(administrator):
    before = current_key()
    draft = text()
    url = "/admin/accounts/legaltext/"

    administrator.post(
        f"{url}{draft.pk}/change/",
        {"kind": "terms", "version": 9, "body": "Be kind.", "effective_on": "2030-01-01"},
    )
    act(administrator, "publish", draft, url=url)

    draft.refresh_from_db()
    assert (draft.body, draft.version, draft.is_published) == ("Be kind.", 9, True)
    change = Activity.objects.get(verb="admin.changed").changes
    assert change == [{"field": "body", "old": "Be fair.", "new": "Be kind."}]
    assert Activity.objects.filter(verb="legal_text.published").exists()
    assert current_key() != before or not before
    assert administrator.post(f"{url}{draft.pk}/change/", {"body": "x"}).status_code == 403
    assert administrator.post(f"{url}{draft.pk}/delete/", {"post": "yes"}).status_code == 403


def test_texts_are_added_as_drafts(administrator):
    administrator.post(
        "/admin/accounts/legaltext/add/",
        {
            "kind": "privacy",
            "version": 7,
            "body": "We keep little.",
            "effective_on": "2030-01-01",
            "is_published": "on",
        },
    )

    draft = LegalText.objects.get(kind="privacy", version=7)
    assert not draft.is_published
    assert draft.effective_on == datetime.date(2030, 1, 1)


def test_messages_are_dealt_with_from_the_list(staff, moderator):
    message = ContactMessage.objects.create(kind="issue", text="The map is wrong.")
    url = "/admin/accounts/contactmessage/"

    act(staff, "handle", message, url=url, note="Corrected.")

    message.refresh_from_db()
    assert (message.handled_by, message.note) == (moderator, "Corrected.")


def test_mail_is_tried_again_but_its_text_stays_unseen(administrator):
    mail = OutgoingMail.objects.create(
        key="reset:1", to="a@example.org", subject="Reset", body="secret-link", attempts=8
    )
    url = "/admin/accounts/outgoingmail/"

    assert "secret-link" not in administrator.get(f"{url}{mail.pk}/change/").text
    act(administrator, "retry", mail, url=url)

    mail.refresh_from_db()
    assert mail.attempts == 0
    assert Activity.objects.filter(verb="mail.retried").exists()


def test_two_sizes_of_inlines_cost_the_same(staff, django_assert_max_num_queries):
    member = MemberFactory()
    url = reverse("admin:accounts_member_change", args=[member.pk])
    staff.get(url)
    counts = []
    for start in (10, 20):
        for version in range(start, start + 3):
            Acceptance.objects.create(member=member, text=text(version=version))
        with django_assert_max_num_queries(14) as queries:
            staff.get(url)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_administrators_let_mail_go_to_an_address_again(administrator):
    row = MailAddress.objects.create(address="agnes@example.org", state="dead")

    act(administrator, "trust", row, url="/admin/accounts/mailaddress/")

    assert not MailAddress.objects.exists()
    assert Activity.objects.get().verb == "mail.address_trusted"
