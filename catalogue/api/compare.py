"""Up to four entries side by side: the data of the page and its CSV."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from catalogue.comparison import COLUMNS, MAX_ENTRIES, compare, export_rows
from catalogue.models import Entry
from catalogue.wording import refusal_of
from core.api.negotiation import CsvFormat, JsonFormat
from core.api.responses import csv_response
from core.api.views import ApiView, is_csv


class ComparedEntryValueSerializer(serializers.Serializer[Any]):
    """One thing that an entry says; a cell that is not stated is one empty `value`."""

    entry = serializers.SlugField()
    title = serializers.CharField()
    version = serializers.IntegerField()
    field = serializers.CharField()
    value = serializers.CharField()
    differs = serializers.BooleanField(
        help_text="Not every entry here that states anything has it; never for prose."
    )
    is_editorial = serializers.BooleanField(help_text="The portal's own coding.")


class EntryComparisonSerializer(serializers.Serializer[Any]):
    """The values of every entry, field by field, codes in the reader's language."""

    results = ComparedEntryValueSerializer(many=True)


class EntryComparisonView(ApiView):
    """Entries side by side."""

    http_method_names = ["get", "head", "options"]
    action_parameters = {
        "get": (
            OpenApiParameter(
                "entry",
                str,
                many=True,
                required=True,
                description=f"The slugs of 1 to {MAX_ENTRIES} entries, each in a parameter of "
                "its own.",
            ),
        )
    }
    action_formats = {"get": (JsonFormat, CsvFormat)}

    @extend_schema(
        operation_id="entries_compare",
        responses={HTTPStatus.OK: EntryComparisonSerializer(many=False)},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Compare up to four entries as they were last published."""
        rows = export_rows(compare(_entries(request)))
        if is_csv(request):
            return csv_response("entry-comparison.csv", COLUMNS, rows)
        return self.answer({"results": list(rows)})


def _entries(request: Request) -> list[Entry]:
    """Return the entries that the request names, in its order, if the reader may see them all."""
    slugs = list(dict.fromkeys(request.query_params.getlist("entry")))
    if not 1 <= len(slugs) <= MAX_ENTRIES:
        message = _("Name 1 to %(number)d entries.") % {"number": MAX_ENTRIES}
        raise ValidationError({"entry": [message]})
    names = [slug for slug in slugs if "\x00" not in slug]
    found: list[Entry] = Entry.objects.visible_to(request.user).for_comparison(names)
    refusals = refusal_of(slugs, [entry.slug for entry in found], most=MAX_ENTRIES)
    if refusals:
        raise ValidationError({"entry": refusals})
    return found
