"""/api/v1/entries/<slug>/versions/: each published text of an entry, and what changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from catalogue.differences import Piece, differences
from catalogue.models import Entry, EntryVersion
from catalogue.serializers import DifferenceSerializer, EntryVersionSerializer
from core.api.errors import Gone
from core.api.pagination import OrderKey
from core.api.views import ApiViewSet
from core.http import root_of

MAX_DIGITS = 6  # of a version's number
ENTRY = OpenApiParameter("entry_slug", str, OpenApiParameter.PATH, description="The entry.")
NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH, description="The version.")
FROM = OpenApiParameter(
    "from", int, description="The version to compare with; else the one before."
)


def entry_or_gone(entries: QuerySet[Entry], slug: str) -> Entry:
    """Return one of `entries`; say of a withdrawn one when and why, as its page does."""
    entry = entries.filter(slug=slug).first()
    if entry is not None:
        return entry
    gone = get_object_or_404(Entry.objects.tombstones(), slug=slug)
    raise Gone(
        _("Withdrawn on %(date)s: %(reason)s")
        % {"date": gone.updated_at.date().isoformat(), "reason": gone.withdrawn_reason}
    )


class EntryVersionViewSet(ApiViewSet):
    """Each published text of an entry: it never changes."""

    serializer_class = EntryVersionSerializer
    filter_backends = []
    lookup_field = "number"
    lookup_value_regex = f"[0-9]{{1,{MAX_DIGITS}}}"
    http_method_names = ["get", "head", "options"]
    queryset = EntryVersion.objects.none()
    order_keys = {"number": OrderKey(F("number"), "number")}
    default_order = "-number"
    may_be_gone = ("list", "retrieve", "diff")
    action_parameters = {
        "list": (ENTRY,),
        "retrieve": (ENTRY, NUMBER),
        "diff": (ENTRY, NUMBER, FROM),
    }

    def get_queryset(self) -> QuerySet[EntryVersion]:
        entries: Any = Entry.objects.visible_to(self.request.user)
        entry: Any = entry_or_gone(entries.published(), self.kwargs["entry_slug"])
        versions: QuerySet[EntryVersion] = entry.versions.all()
        return versions

    def list(self, request: Request, entry_slug: str) -> HttpResponse:
        """The versions of the entry, the newest first."""
        page = self.list_page(self.get_queryset().values("pk", "number", "published_at"))
        page["results"] = [self._row(each) for each in page["results"]]
        return self.answer(page)

    @extend_schema(responses={200: dict})
    def retrieve(self, request: Request, entry_slug: str, number: str) -> HttpResponse:
        """What the entry said in one of its versions, for good."""
        version = get_object_or_404(self.get_queryset(), number=int(number))
        return self.answer(
            {"number": version.number, "published_at": version.published_at} | version.content
        )

    @extend_schema(responses=DifferenceSerializer)
    @action(detail=True)
    def diff(self, request: Request, entry_slug: str, number: str) -> HttpResponse:
        """What changed from one version to this: each text in pieces, in reading order."""
        start, end = self._start(int(number)), int(number)
        versions = self.get_queryset()
        old, new = (get_object_or_404(versions, number=each) for each in (start, end))
        parts = differences(old.content, new.content, user=request.user)
        return self.answer(
            {
                "from": start,
                "to": end,
                "parts": [part | {"pieces": _pieces(part["pieces"])} for part in parts],
            }
        )

    def _start(self, number: int) -> int:
        """Return the version to compare with; 400 if it is none, or the same."""
        text = self.request.query_params.get("from")
        if text is None:
            return number - 1
        is_number = text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS
        if not is_number or int(text) == number:
            raise ValidationError({"from": [_("Name another version by its number.")]})
        return int(text)

    def _row(self, version: dict[str, Any]) -> dict[str, Any]:
        root, slug, number = root_of(self.request), self.kwargs["entry_slug"], version["number"]
        return {
            "number": number,
            "published_at": version["published_at"],
            "url": f"{root}{reverse('catalogue:entry_version', args=[slug, number])}",
            "api_url": f"{root}{reverse('entry-version-detail', args=[slug, number])}",
        }


def _pieces(pieces: Iterable[Piece]) -> list[dict[str, str]]:
    return [{"kind": kind, "text": text} for kind, text in pieces]
