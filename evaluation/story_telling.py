"""A story as a reader may see it, rung by rung: the same for the pages and the API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from catalogue.models import Adoption, EntryVersion, Translation
from core import codes
from evaluation.models import Evidence, Rung, RungClaim, Strength
from evaluation.rungs import RUNGS, support_of
from evaluation.story_rules import needed_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

QUESTIONS = {
    Rung.CONNECT: _("Who met whom, and is the tie alive?"),
    Rung.SHARE: _("Which practice moved, in what form, and who understood it?"),
    Rung.REFORM: _("Which rule, budget, procedure or service changed, and stayed?"),
}


def steps_of(story: Any, user: Any) -> Iterator[dict[str, Any]]:
    """Give each rung with what the story says of it and the evidence that the reader may see:
    nine queries at most, however much evidence there is.
    """
    claims = {claim.rung: claim for claim in RungClaim.objects.filter(story=story).order_by("pk")}
    evidence = _by_claim(Evidence.objects.visible_to(user), story)
    told = Adoption.objects.visible_to(user)
    told = told.select_related("entry", "block", "hub", "organisation")
    named = {
        "evidence": evidence,
        "adoptions": _by_claim(told, story),
        "versions": _by_claim(_readable(EntryVersion, user).defer("content"), story),
        "translations": _by_claim(_readable(Translation, user).defer("texts"), story),
    }
    for rung in RUNGS:
        claim = claims.get(rung)
        step: dict[str, Any] = {
            "rung": rung,
            "label": rung.label,
            "question": QUESTIONS[rung],
            "claim": claim,
        }
        if claim is not None:
            step |= _shown(story, claim, {of: by.get(claim.pk, []) for of, by in named.items()})
        yield step


def _readable(model: Any, user: Any) -> QuerySet[Any]:
    """Return the texts of entries that the user may see, with what a line shows of them."""
    found: QuerySet[Any] = model.objects.visible_to(user).select_related("entry")
    return found


def _by_claim(things: QuerySet[Any], story: Any) -> dict[int, list[Any]]:
    """Return `things` that statements of the story name, by statement."""
    name = things.model._meta.model_name
    fields: dict[str | None, Any] = {
        "evidence": RungClaim.evidence,
        "adoption": RungClaim.adoptions,
        "entryversion": RungClaim.versions,
        "translation": RungClaim.translations,
    }
    links = fields[name].through
    pairs = links.objects.filter(rungclaim__story=story).order_by("pk")
    keys = list(pairs.values_list("rungclaim_id", f"{name}_id"))
    found = things.in_bulk([key for _claim, key in keys])
    by_claim: dict[int, list[Any]] = {}
    for claim, key in keys:
        if key in found:
            by_claim.setdefault(claim, []).append(found[key])
    return by_claim


def _shown(story: Any, claim: Any, named: dict[str, list[Any]]) -> dict[str, object]:
    """Return what a reader sees of how a statement is shown. Who may see confidential evidence
    is told the strength that it adds; to others the rung stands by what is public.
    """
    is_confirmed = story.exchange.is_confirmed
    evidence = named["evidence"]
    seen = support_of(
        claim.rung,
        evidence,
        adoptions=named["adoptions"],
        texts=[
            *named["versions"],
            *(each for each in named["translations"] if each.state != Translation.State.MACHINE),
        ],
        is_confirmed=is_confirmed,
    )
    for each in named["translations"]:
        each.language_text = codes.language_name(each.language)
    has_secrets = any(each.is_confidential for each in evidence)
    strength = seen.full if has_secrets else claim.strength
    return {
        **named,
        "is_confirmed": claim.rung == Rung.CONNECT and is_confirmed,
        "strength": Strength(strength).label if strength else "",
        "is_hidden": claim.holds and not seen.holds,
        "has_secrets": has_secrets,
        "needed": "" if claim.holds else needed_for(Rung(claim.rung)),
    }


def told_changes(story: Any) -> list[Any]:
    """Return the history of the rungs of a story, the newest first."""
    return list(story.rung_changes.all())
