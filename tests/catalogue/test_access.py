"""Who sees which entry: the table of every role and every state."""

import pytest

from catalogue.models import Entry, EntryPartner, EntryVersion, ResultRow
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.hubs.people import someone

pytestmark = pytest.mark.django_db

OWN = {"correspondent", "me_focal_point", "editor", "head"}
MODERATORS = {"moderator", "administrator"}
ROLES = {"anonymous", "suspended", "pending", "member", "stranger"} | OWN | MODERATORS
SEEN_BY = {"published": ROLES, "draft": OWN | MODERATORS, "hidden": OWN | MODERATORS}


@pytest.fixture
def entries():
    hub = make_hubs.HubFactory()
    hidden = make_hubs.HubFactory(unpublished=True)
    found = {
        "published": make.EntryFactory(hub=hub, published=True),
        "draft": make.EntryFactory(hub=hub),
        "hidden": make.EntryFactory(hub=hidden, published=True),
    }
    for entry in found.values():
        make.EntryPartnerFactory(entry=entry)
        make.ResultRowFactory(entry=entry)
    return found


@pytest.mark.parametrize("role", sorted(ROLES))
def test_entries_and_what_belongs_to_them_are_seen_by(role, entries):
    user = someone(role, *{entry.hub for entry in entries.values()})
    expected = {entries[name].pk for name, roles in SEEN_BY.items() if role in roles}

    assert set(Entry.objects.visible_to(user).values_list("pk", flat=True)) == expected
    for model in (EntryPartner, ResultRow):
        assert set(model.objects.visible_to(user).values_list("entry", flat=True)) == expected
    versions = EntryVersion.objects.visible_to(user).values_list("entry", flat=True)
    assert set(versions) == expected - {entries["draft"].pk}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_lists_hold_published_entries_of_published_hubs_only(role, entries):
    user = someone(role, *{entry.hub for entry in entries.values()})

    assert list(Entry.objects.visible_to(user).published()) == [entries["published"]]
