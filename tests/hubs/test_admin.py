"""The admin: who enters, what they may do, what trace it leaves, what it costs."""

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import Activity, Member
from hubs.models import FACT_MODELS, FundingStream, Hub
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=str)


@pytest.fixture
def moderator(client):
    member = MemberFactory(moderator=True, name="Moderator")
    client.force_login(member)
    _second_factor(member)
    return member


def _second_factor(member):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=member, type=Authenticator.Type.TOTP, data={"secret": "x"})


def rows():
    hub = make.HubFactory(name="Agency")
    source = make.SourceFactory()
    for factory in make.FACT_FACTORIES:
        factory(hub=hub, sources=[source])
    make.MembershipFactory(hub=hub)
    make.SelfAssessmentFactory(hub=hub, consented=True)
    make.NetworkMembershipFactory(hub=hub)
    return hub


def test_visitors_are_sent_to_the_sign_in_page(client):
    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=/admin/")


@pytest.mark.parametrize("traits", [{}, {"pending": True}, {"limited": True}])
def test_members_who_do_not_moderate_are_refused(client, traits):
    client.force_login(MemberFactory(**traits))

    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_moderators_see_and_search_what_is_theirs(client, moderator, model):
    rows()
    site_admin = admin.site._registry[model]
    info = (model._meta.app_label, model._meta.model_name)
    expected = 403 if getattr(site_admin, "only_administrators", False) else 200

    url = reverse("admin:{}_{}_changelist".format(*info))

    assert client.get(url).status_code == expected
    if site_admin.search_fields:
        assert client.get(f"{url}?q=agency").status_code == expected
    thing = model._default_manager.first()
    if expected == 200 and thing is not None:
        assert (
            client.get(reverse("admin:{}_{}_change".format(*info), args=[thing.pk])).status_code
            == 200
        )


@pytest.mark.parametrize("model", [Hub, *FACT_MODELS], ids=lambda model: model.__name__)
def test_lists_cost_the_same_for_many_rows(client, moderator, django_assert_max_num_queries, model):
    url = reverse(f"admin:hubs_{model._meta.model_name}_changelist")
    client.get(url)  # what is kept between requests does not count
    counts = []
    for _ in range(2):
        for _number in range(3):
            rows()
        with django_assert_max_num_queries(20) as queries:
            client.get(url)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_change_bumps_the_version_and_leaves_a_trace(client, moderator):
    organisation = make.OrganisationFactory(name="Bank")

    response = client.post(
        reverse("admin:hubs_organisation_change", args=[organisation.pk]),
        {"name": "World Bank", "slug": organisation.slug, "kind": "multilateral", "country": ""},
    )

    assert response.status_code == 302
    organisation.refresh_from_db()
    assert (organisation.name, organisation.version) == ("World Bank", 2)
    activity = Activity.objects.get(verb="admin.changed")
    assert activity.actor == moderator
    assert {"field": "name", "old": "Bank", "new": "World Bank"} in activity.changes
    assert organisation.history.first().history_user == moderator


def test_history_is_shown_and_reverted(client, moderator):
    stream = make.FundingStreamFactory(earmark="first", sources=[make.SourceFactory()])
    stream.earmark = "second"
    stream.version = 2
    stream.save()
    old = stream.history.last()
    page = client.get(reverse("admin:hubs_fundingstream_history", args=[stream.pk]))
    form_url = reverse("admin:hubs_fundingstream_simple_history", args=[stream.pk, old.pk])
    form = client.get(form_url).context["adminform"].form

    data = {name: value for name, value in form.initial.items() if value is not None}
    data["sources"] = [source.pk for source in stream.sources.all()]
    response = client.post(form_url, data)

    assert page.status_code == 200
    assert response.status_code == 302, response.context["adminform"].form.errors
    stream.refresh_from_db()
    assert (stream.earmark, stream.version) == ("first", 3)
    assert Activity.objects.filter(verb="admin.reverted").exists()


def test_members_are_approved_from_the_list_with_a_reason(client, moderator):
    waiting = MemberFactory(pending=True)
    url = reverse("admin:accounts_member_changelist")

    asked = client.post(url, {"action": "approve", "_selected_action": [waiting.pk]})
    client.post(
        url, {"action": "approve", "_selected_action": [waiting.pk], "reason": "Known to us."}
    )

    assert b'name="reason"' in asked.content
    waiting.refresh_from_db()
    assert (waiting.status, waiting.status_reason) == ("active", "Known to us.")


def test_suspending_needs_a_reason_and_spares_those_of_higher_rank(client, moderator):
    other = MemberFactory(moderator=True)
    member = MemberFactory()
    url = reverse("admin:accounts_member_changelist")
    both = {"action": "suspend", "_selected_action": [other.pk, member.pk]}

    client.post(url, both | {"reason": ""})
    assert Member.objects.get(pk=member.pk).status == "active"
    client.post(url, both | {"reason": "Spam."})

    assert Member.objects.get(pk=member.pk).status == "suspended"
    assert Member.objects.get(pk=other.pk).status == "active"


def test_only_administrators_change_roles(client, moderator):
    member = MemberFactory()
    url = reverse("admin:accounts_member_changelist")
    action = {"action": "make_moderator", "_selected_action": [member.pk]}

    client.post(url, action)
    assert Member.objects.get(pk=member.pk).role == "member"
    administrator = MemberFactory(administrator=True)
    _second_factor(administrator)
    client.force_login(administrator)
    client.post(url, action)

    assert Member.objects.get(pk=member.pk).role == "moderator"


def test_a_self_assessment_without_consent_is_not_the_moderators_to_read(client, moderator):
    assessment = make.SelfAssessmentFactory()
    url = reverse("admin:hubs_selfassessment_change", args=[assessment.pk])

    assert client.get(url, follow=True).redirect_chain[-1][0] == "/admin/"


def test_a_fact_that_is_removed_leaves_a_trace(client, moderator):
    stream = make.FundingStreamFactory()

    client.post(reverse("admin:hubs_fundingstream_delete", args=[stream.pk]), {"post": "yes"})

    assert not FundingStream.objects.exists()
    assert Activity.objects.filter(verb="admin.removed", actor=moderator).exists()


def test_pages_keep_the_content_security_policy(client, moderator):
    response = client.get("/admin/")

    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert b"<script>" not in response.content
    assert b"style=" not in response.content
