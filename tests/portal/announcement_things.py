"""Announcements whose addresses are walked."""

from tests.factories.announcements import AnnouncementFactory, RecipientFactory


def announcement_things(hub):
    """Return what the addresses need to find a thing, by what the tables call it."""
    of_portal, of_hub = AnnouncementFactory(), AnnouncementFactory(hub=hub)
    got = RecipientFactory(state="mailed").announcement
    return {
        "announcement": {"pk": of_portal.pk},
        "announcement of the hub": {"pk": of_hub.pk},
        "another's announcement": {"pk": got.pk},
        "announcement's resource": {"id": of_portal.pk},
        "resource of the hub's announcement": {"id": of_hub.pk},
    }
