"""First steps of a new member, for their own eyes."""

import pytest

from accounts.models import Member
from catalogue.services import save_search
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.catalogue import DraftFactory, ExpertFactory
from tests.factories.hubs import HubFactory, MembershipFactory

pytestmark = pytest.mark.django_db
PAGE = "/community/members/ana/"


@pytest.fixture
def ana():
    return MemberFactory(slug="ana", organisation="", country="", languages=[])


def done(member):
    """Return the labels of the steps, and whether each is done."""
    tasks = client_of(member).get(PAGE).context["tasks"]
    return {task["label"]: task["kind"] == "ok" for task in tasks}


def test_each_step_is_done_by_what_it_asks_for(ana):
    steps = [
        "Tell who you are",
        "Ask for your role in a hub",
        "Choose how soon you get mail",
        "Save a search",
        "Say what you can be asked",
    ]
    assert done(ana) == dict.fromkeys(steps, False)

    Member.objects.filter(pk=ana.pk).update(organisation="Ministry", country="BR", languages=["pt"])
    MembershipFactory(member=ana, awaiting=True)
    Member.objects.filter(pk=ana.pk).update(mail_choices={"adoptions": "daily"})
    save_search(name="Water", place="search", query="q=water", alert="daily", by=ana)
    assert done(ana) == dict.fromkeys(steps, True) | {"Say what you can be asked": False}

    MembershipFactory(member=ana, hub=HubFactory())
    ExpertFactory(member=ana, name="", consented_on=None, agreed_on=None)
    assert done(ana) == dict.fromkeys(steps, True) | {"Share an experience": False}
    DraftFactory(authors=[ana])
    assert done(ana) == {}


def test_nobody_else_sees_them(client, ana):
    assert "First steps" in client_of(ana).get(PAGE).content.decode()
    for reader in (client, client_of(MemberFactory()), client_of(MemberFactory(moderator=True))):
        assert "First steps" not in reader.get(PAGE).content.decode()


def test_a_declined_wish_is_none(ana):
    MembershipFactory(member=ana, declined=True)

    assert not done(ana)["Ask for your role in a hub"]
