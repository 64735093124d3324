"""Adoptions as plain rows: the same for the API, its CSV and the page's CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers

from catalogue.models import Adoption, AdoptionOutcome, BuildingBlock, Entry
from catalogue.services import ADOPTION_TEXTS
from hubs.models import Hub, Organisation
from hubs.serializers import Addresses
from hubs.serializers.fields import OwnChoices, OwnChoicesMixin, StrictBodyMixin

if TYPE_CHECKING:
    from hubs.querysets import User

ADOPTION_COLUMNS = (
    *("id", "entry", "block", "hub", "organisation", "resulting_entry", "outcome", "state"),
    *("kept", "changed", "dropped", "why", "confirmed_at", "created_at", "updated_at", "url"),
    "api_url",
)
# Columns that are named by the slug of what they point to.
_SLUGS = {name: f"{name}__slug" for name in ("entry", "block", "hub", "organisation")}
_NAMED = {**_SLUGS, "resulting_entry": "result_slug", "url": "pk", "api_url": "pk"}


def adoption_values(adoptions: Any, columns: Sequence[str], *, user: User) -> QuerySet[Any]:
    """Return `adoptions` as dictionaries of what `columns` need: one query."""
    stored = [_NAMED.get(name, name) for name in columns]
    rows: QuerySet[Any] = adoptions.with_result(user).values(*dict.fromkeys(["pk", *stored]))
    return rows


def completed_adoptions(
    rows: Iterable[dict[str, Any]], *, root: str, columns: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Give rows of `adoption_values` with `columns` only: what they name by slug, the address.

    An entry that came of it and that the reader may not see is None, as where there is none.
    """
    named = (row | {name: row.get(stored) for name, stored in _NAMED.items()} for row in rows)
    return Addresses(root, "adoption", "catalogue", key="pk").complete(named, columns)


def adoption_rows(
    adoptions: Any, *, user: User, root: str, columns: Sequence[str] = ADOPTION_COLUMNS
) -> Iterator[dict[str, Any]]:
    """Give every adoption as a row, fetched in portions: what a CSV needs."""
    rows = adoption_values(adoptions, columns, user=user).iterator(chunk_size=500)
    return completed_adoptions(rows, root=root, columns=columns)


class AdoptionSerializer(serializers.Serializer[Any]):
    """Something that a hub or organisation took up, and what became of it."""

    id = serializers.IntegerField()
    entry = serializers.SlugField(allow_null=True, help_text="The entry that was taken up, or:")
    block = serializers.SlugField(allow_null=True, help_text="The building block.")
    hub = serializers.SlugField(allow_null=True, help_text="The hub that took it up, or:")
    organisation = serializers.SlugField(allow_null=True, help_text="The organisation.")
    resulting_entry = serializers.SlugField(
        allow_null=True, help_text="The adopter's own account of it."
    )
    outcome = serializers.CharField(help_text="working, partly, failed, unknown.")
    state = serializers.CharField(
        help_text="claimed: stated by the adopter; confirmed: by the originator too."
    )
    kept = serializers.CharField()
    changed = serializers.CharField()
    dropped = serializers.CharField()
    why = serializers.CharField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    url = serializers.URLField()
    api_url = serializers.URLField()


class AdoptionContentSerializer(
    OwnChoicesMixin, StrictBodyMixin, serializers.ModelSerializer[Adoption]
):
    """What became of an adoption."""

    outcome = serializers.ChoiceField(AdoptionOutcome.choices, required=False)
    resulting_entry = serializers.SlugRelatedField(
        slug_field="slug",
        queryset=Entry.objects.none(),
        allow_null=True,
        required=False,
        help_text="The adopter's own account of it.",
    )
    own_choices: ClassVar[OwnChoices] = {"resulting_entry": Entry.objects.visible_to}

    class Meta:
        model = Adoption
        fields: tuple[str, ...] = ADOPTION_TEXTS


def _entries(user: Any) -> QuerySet[Any]:
    found: Any = Entry.objects.visible_to(user)
    readable: QuerySet[Any] = found.published()
    return readable


def _blocks(user: Any) -> QuerySet[Any]:
    found: Any = BuildingBlock.objects.visible_to(user)
    readable: QuerySet[Any] = found.published()
    return readable


class ClaimSerializer(AdoptionContentSerializer):
    """What was taken up, by whom, and what became of it."""

    entry = serializers.SlugRelatedField(
        slug_field="slug", queryset=Entry.objects.none(), required=False, help_text="Or `block`."
    )
    block = serializers.SlugRelatedField(
        slug_field="slug", queryset=BuildingBlock.objects.none(), required=False
    )
    hub = serializers.SlugRelatedField(
        slug_field="slug",
        queryset=Hub.objects.none(),
        required=False,
        help_text="A hub that you edit; or `organisation`.",
    )
    organisation = serializers.SlugRelatedField(
        slug_field="slug", queryset=Organisation.objects.none(), required=False
    )
    own_choices: ClassVar[OwnChoices] = {
        **AdoptionContentSerializer.own_choices,
        "entry": _entries,
        "block": _blocks,
        "hub": Hub.objects.editable_by,
        "organisation": Organisation.objects.visible_to,
    }

    class Meta(AdoptionContentSerializer.Meta):
        fields = ("entry", "block", "hub", "organisation", *ADOPTION_TEXTS)
        validators: ClassVar[list[Any]] = []  # the form's and the table's rules

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one thing."""
        if ("entry" in attrs) == ("block" in attrs):
            message = _("Name an entry or a building block, not both.")
            raise serializers.ValidationError({"entry": [message]})
        return attrs


class AdoptionReasonSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Why an adoption is not so."""

    reason = serializers.CharField(max_length=500)
