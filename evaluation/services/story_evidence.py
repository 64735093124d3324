"""What a story may rest on: evidence, sources, and what is in the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from catalogue.models import Adoption, EntryVersion, Translation
from evaluation.models import Evidence
from hubs.models import Source

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import Member

MOST_ADOPTIONS = 20  # that one statement names; so of versions and of translations


def offered_sources(story: Any) -> QuerySet[Any]:
    """Return the sources that a story may name besides a new one: its own and its exchange's."""
    own = Source.objects.filter(stories=story.pk).values("pk")
    found: QuerySet[Any] = Source.objects.filter(
        Q(pk__in=own) | Q(pk__in=Source.objects.filter(exchanges=story.exchange_id).values("pk"))
    )
    return found.order_by("title", "pk")


def offered_evidence(story: Any, by: Member) -> QuerySet[Any]:
    """Return the evidence that a statement of the story may name."""
    found: QuerySet[Any] = Evidence.objects.visible_to(by).in_force()
    return found.filter(exchange=story.exchange_id).order_by("pk")


def offered_adoptions(story: Any) -> QuerySet[Any]:
    """Return the adoptions that a statement of the story may name: those of the exchange's
    experiences that everybody may see.
    """
    found: QuerySet[Any] = Adoption.objects.visible_to(AnonymousUser())
    found = found.filter(entry__exchanges=story.exchange_id)
    return found.select_related("entry", "hub", "organisation", "block").order_by("pk")


def offered_versions(story: Any) -> QuerySet[Any]:
    """Return the versions that a statement may name: those of the exchange's experiences that
    everybody may see.
    """
    found: QuerySet[Any] = EntryVersion.objects.visible_to(AnonymousUser())
    found = found.filter(entry__exchanges=story.exchange_id).select_related("entry")
    return found.defer("content").order_by("entry", "number")


def offered_translations(story: Any) -> QuerySet[Any]:
    """Return the translations that a statement may name: those of the exchange's experiences
    that everybody may see and that no machine made alone.
    """
    found: QuerySet[Any] = Translation.objects.visible_to(AnonymousUser()).by_people()
    found = found.filter(entry__exchanges=story.exchange_id).select_related("entry")
    return found.defer("texts").order_by("entry", "language")


def own_texts(field: str, offered: QuerySet[Any], wanted: Iterable[Any]) -> list[int]:
    """Return the keys of texts of entries. Raises `ValidationError` for one not `offered`."""
    message = _("Choose texts of the exchange’s experiences that everybody may see.")
    return _chosen(field, offered, {each.pk for each in wanted}, message, most=MOST_ADOPTIONS)


def own_evidence(story: Any, evidence: Iterable[Evidence], by: Member) -> list[int]:
    """Return the keys of evidence. Raises `ValidationError` for what is not offered."""
    message = _("Choose evidence of this exchange.")
    offered = offered_evidence(story, by)
    return _chosen("evidence", offered, {each.pk for each in evidence}, message)


def locked_adoptions(adoptions: Iterable[Adoption]) -> set[int]:
    """Return the numbers of adoptions; those that are there are locked. Whoever takes one out
    locks it before its stories, and so must who names it.
    """
    named = {each.pk for each in adoptions}
    rows = Adoption.objects.filter(pk__in=named).select_for_update(no_key=True, of=("self",))
    list(rows.order_by("pk").values_list("pk", flat=True))
    return named


def lock_translations(translations: Iterable[Translation]) -> None:
    """Lock translations before their story, as who writes or removes one does: so that none
    becomes a machine's between the look at it and the rung that rests on it.
    """
    named = {each.pk for each in translations}
    rows = Translation.objects.filter(pk__in=named).select_for_update(no_key=True, of=("self",))
    list(rows.order_by("pk").values_list("pk", flat=True))


def own_adoptions(story: Any, named: set[int]) -> list[int]:
    """Return the keys of adoptions. Raises `ValidationError` for what is not offered."""
    message = _("Choose adoptions of the exchange’s experiences that everybody may see.")
    return _chosen("adoptions", offered_adoptions(story), named, message, most=MOST_ADOPTIONS)


def too_many(most: int) -> str:
    """Return the refusal of more than `most`."""
    return _("Choose at most %(most)d.") % {"most": most}


def _chosen(
    field: str, offered: QuerySet[Any], wanted: set[int], message: str, *, most: int | None = None
) -> list[int]:
    found = set(offered.filter(pk__in=wanted).values_list("pk", flat=True))
    if wanted - found:
        raise ValidationError({field: [message]})
    if most is not None and len(wanted) > most:
        raise ValidationError({field: [too_many(most)]})
    return sorted(found)
