"""The agenda and the materials of an event, as programs read and write them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from catalogue.models import Resource
from catalogue.serializers import completed_resources, resource_values
from community.models import EventSession
from core.visible import something_to_see
from hubs.serializers.fields import StrictBodyMixin

if TYPE_CHECKING:
    from community.models import Event
    from hubs.querysets import User

SESSION_COLUMNS = ("id", "title", "starts_at", "ends_at", "speakers", "description")
MATERIAL_COLUMNS = ("slug", "title", "type", "language", "is_published", "url", "api_url")


def session_row(session: EventSession) -> dict[str, Any]:
    """Return an item of the agenda as a plain row."""
    return {"id": session.pk} | {name: getattr(session, name) for name in SESSION_COLUMNS[1:]}


def session_rows(event: Event) -> Iterator[dict[str, Any]]:
    """Give the agenda in its order: one query."""
    return (session_row(session) for session in event.sessions.all())


def material_rows(event: Event, *, user: User, root: str) -> Iterator[dict[str, Any]]:
    """Give the materials of an event that `user` may see, by their titles: one query."""
    found = Resource.objects.visible_to(user).filter(events=event).order_by("title", "pk")
    rows = resource_values(found, MATERIAL_COLUMNS)
    return completed_resources(rows, root=root, columns=MATERIAL_COLUMNS)


class SessionSerializer(serializers.Serializer[Any]):
    """An item of the agenda."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    speakers = serializers.CharField()
    description = serializers.CharField()


class SessionContentSerializer(StrictBodyMixin, serializers.ModelSerializer[EventSession]):
    """What an item of the agenda says of itself; it lies within the time of the event."""

    class Meta:
        model = EventSession
        fields = SESSION_COLUMNS[1:]
        extra_kwargs: ClassVar[dict[str, Any]] = {"title": {"validators": [something_to_see]}}


class MaterialSerializer(serializers.Serializer[Any]):
    """A resource of the library that belongs to an event."""

    slug = serializers.SlugField()
    title = serializers.CharField()
    type = serializers.CharField()
    language = serializers.CharField(help_text=_("Of the title."))
    is_published = serializers.BooleanField(help_text="Drafts: its own people only.")
    url = serializers.URLField()
    api_url = serializers.URLField()


class NewMaterialSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """A resource that is in the library already."""

    resource = serializers.SlugField(max_length=100)
