"""Spaces, threads and posts whose addresses are walked."""

from community.models import ReceivedMail
from tests.factories import community as make


def talk_things(hub):
    """Return what addresses need to find a thing, by what the tables call it."""
    things = {}
    for which, space in (
        ("", make.SpaceFactory(slug="walked")),
        ("closed ", make.SpaceFactory(slug="walked-closed", closed=True)),
    ):
        thread = make.ThreadFactory(space=space, question=True)
        post = make.PostFactory(thread=thread)
        file = post.files.create(file="posts/gone.pdf", file_name="a.pdf", bytes=1)
        member = make.SpacePersonFactory(space=space).member
        make.SpacePersonFactory(space=space, moderator=True)
        things |= {
            f"{which}space": {"slug": space.slug},
            f"{which}space's person": {"slug": space.slug, "member": member.slug},
            f"{which}thread page": {"place": space.slug, "pk": thread.pk, "slug": thread.slug},
            f"{which}thread": {"pk": thread.pk},
            f"{which}written post": {"pk": post.pk},
            f"{which}file": {"pk": file.pk},
            f"{which}thread's resource": {"id": thread.pk},
            f"{which}written post's resource": {"id": post.pk},
        }
    things["thing to comment on"] = {"name": "hub", "slug": hub.slug}
    ReceivedMail.objects.create(digest="0", outcome="dropped")
    return things
