"""What every portal begins with, and what a demonstration adds: loaded by one command each."""

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.models import Acceptance, LegalText, Member
from community.models import Article, Post, Thread
from hubs.models import Hub, Membership, SelfAssessment
from tests.kept import kept

EMAILS = {
    "admin@demo.example": ("administrator", "active"),
    "moderator@demo.example": ("moderator", "active"),
    "head.abc@demo.example": ("member", "active"),
    "editor.embrapa@demo.example": ("member", "active"),
    "me.cabri@demo.example": ("member", "active"),
    "correspondent.cabri@demo.example": ("member", "active"),
    "member@demo.example": ("member", "active"),
    "pending@demo.example": ("member", "pending"),
}


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    with kept(django_db_blocker):
        with override_settings(DEMO=True):
            call_command("load_demo", verbosity=0)
        yield


@pytest.fixture
def demo(loaded, db, settings):
    settings.DEMO = True


def test_demo_refuses_without_the_setting(db, settings):
    settings.DEMO = False
    members, hubs = Member.objects.count(), Hub.objects.count()

    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("load_demo")

    assert (Member.objects.count(), Hub.objects.count()) == (members, hubs)


def test_demo_adds_an_account_of_each_role_that_can_sign_in(demo):
    members = Member.objects.all()

    assert {member.email: (member.role, member.status) for member in members} == EMAILS
    assert all(member.check_password("demo-password") for member in members)
    assert all(member.name.startswith("Demo ") and member.slug for member in members)
    verified = EmailAddress.objects.filter(verified=True, primary=True)
    assert set(verified.values_list("email", flat=True)) == set(EMAILS)


def test_demo_accounts_have_accepted_the_texts_in_force(demo):
    texts = set(LegalText.objects.in_force())

    assert texts
    for member in Member.objects.all():
        assert {acceptance.text for acceptance in Acceptance.objects.filter(member=member)} == texts


def test_demo_members_have_their_roles_in_hubs(demo):
    confirmed = Membership.objects.filter(confirmed_by__email="moderator@demo.example")

    assert set(confirmed.values_list("member__email", "hub__slug", "role")) == {
        ("head.abc@demo.example", "abc-brazil", "head"),
        ("editor.embrapa@demo.example", "embrapa", "editor"),
        ("me.cabri@demo.example", "cabri", "me_focal_point"),
        ("correspondent.cabri@demo.example", "cabri", "correspondent"),
    }
    waiting = Membership.objects.get(confirmed_at=None)
    assert (waiting.member.email, waiting.hub.slug) == ("member@demo.example", "abc-brazil")


def test_demo_gives_cabri_an_assessment_that_says_what_it_is(demo):
    assessment = SelfAssessment.objects.get()

    assert assessment.hub.slug == "cabri"
    assert assessment.consented_at is not None
    assert "Demonstration" in assessment.note
    assert assessment.scores.count() == 8


def test_demo_twice_adds_nothing_and_keeps_what_was_changed(demo):
    Membership.objects.filter(confirmed_at=None).delete()
    Member.objects.filter(email="member@demo.example").update(name="Renamed")

    call_command("load_demo", verbosity=0)

    assert Member.objects.count() == len(EMAILS)
    assert Member.objects.get(email="member@demo.example").name == "Renamed"
    assert not Membership.objects.filter(confirmed_at=None).exists()
    assert SelfAssessment.objects.count() == 1


def test_everything_that_a_portal_begins_with_is_loaded_too(demo):
    assert Article.objects.get(is_demo=False).slug == "bali-lessons-2012"


def test_a_demonstration_has_lively_threads_marked_as_such(demo):
    call_command("load_demo", verbosity=0)

    threads = Thread.objects.all()
    assert threads.count() == 5
    assert all(thread.is_demo for thread in threads)
    assert Post.objects.held().count() == 1
    assert threads.filter(accepted__isnull=False, state="open").count() == 1
    assert threads.filter(state="closed").exclude(summary="").count() == 1
