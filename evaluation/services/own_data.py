"""What members said of exchanges, for them to take away; and what is wiped when they leave."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from evaluation.models import ActionItem, Confirmation, Evidence, ImpactStory, RungClaim, Update

_STORY = (
    *("slug", "exchange__slug", "title", "language", "summary", "other_explanations"),
    *("what_did_not_work", "no_change_found", "state", "created_at", "published_at"),
)
_UPDATE = (
    *("indicator__definition__title", "period__starts_on", "hub__slug", "exchange__slug"),
    *("value", "numerator", "denominator", "score", "distinct_people", "not_available"),
    *("narrative", "comment", "state", "created_at"),
)
_POINT = ("plan__exchange__slug", "title", "due_on", "done_on", "note", "created_at")
_EVIDENCE = ("exchange__slug", "kind", "proves", "title", "text", "address", "dated_on", "added_at")


def stories_of(member_pk: int) -> list[dict[str, object]]:
    """Return the impact stories that a member began or wrote some of, with what they say of each
    rung.
    """
    wrote = ImpactStory.writers.through._default_manager.filter(
        impactstory=OuterRef("pk"), member=member_pk
    )
    found = ImpactStory.objects.filter(Q(author=member_pk) | Q(Exists(wrote))).order_by("pk")
    said: dict[int, list[dict[str, object]]] = {}
    for claim in RungClaim.objects.filter(story__in=found).order_by("pk"):
        row: dict[str, object] = {
            "rung": claim.rung,
            "statement": claim.statement,
            "dated_on": claim.dated_on,
        }
        said.setdefault(claim.story_id, []).append(row)
    return [
        {**{name: row[name] for name in _STORY}, "statements": said.get(row["pk"], [])}
        for row in found.values("pk", *_STORY)
    ]


def updates_of(member_pk: int) -> list[dict[str, object]]:
    """Return the figures that a member reported or wrote some of."""
    wrote = Update.writers.through._default_manager.filter(update=OuterRef("pk"), member=member_pk)
    found = Update.objects.filter(Q(author=member_pk) | Q(Exists(wrote)))
    return list(found.order_by("pk").values(*_UPDATE))


def confirmations_of(member_pk: int) -> list[dict[str, object]]:
    """Return what a member confirmed of exchanges, or stated differently, for their hub."""
    found: Any = Confirmation.objects.filter(by=member_pk).order_by("pk")
    return list(found.values("exchange__slug", "fact", "value", "state", "stated", "text", "at"))


def action_points_of(member_pk: int) -> list[dict[str, object]]:
    """Return the points of action plans to which a member sees or saw."""
    return list(ActionItem.objects.filter(member=member_pk).order_by("pk").values(*_POINT))


def evidence_of(member_pk: int) -> list[dict[str, object]]:
    """Return the evidence that a member added; files stay where they are."""
    return list(Evidence.objects.filter(added_by=member_pk).order_by("pk").values(*_EVIDENCE))


def free_action_points(member_pk: int) -> None:
    """Leave the open points of a member who goes to be given to somebody else: nobody would be
    reminded of them.
    """
    waiting = ActionItem.objects.open().filter(member=member_pk)
    waiting.update(member=None, version=F("version") + 1)
