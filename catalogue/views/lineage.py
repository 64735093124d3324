"""Where an entry comes from, and what came of it, over all generations."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalogue.models import Adoption, Entry
from catalogue.querysets.lineage import MAX_DEPTH, MAX_STEPS, Step, ancestors, descendants
from core.shared_pages import shared_page


@require_safe
@shared_page
def entry_lineage(request: HttpRequest, slug: str) -> HttpResponse:
    """/catalogue/<slug>/lineage/: its ancestors and its descendants, each as a nested list.

    Five statements, however large the family.
    """
    user = request.user
    entry = get_object_or_404(Entry.objects.visible_to(user).select_related("hub"), slug=slug)
    up, down = ancestors(entry.pk, user), descendants(entry.pk, user)
    keys = {key for step in (*up, *down) for key in (step.near, step.far)}
    entries = Entry.objects.visible_to(user).for_list().in_bulk(keys) if keys else {}
    tied = [step.adoption for step in (*up, *down)]
    adoptions: Any = Adoption.objects.select_related("hub", "organisation")
    ties = adoptions.in_bulk(tied) if tied else {}
    context = {
        "entry": entry,
        "ancestors": _tree(entry.pk, up, entries, ties),
        "descendants": _tree(entry.pk, down, entries, ties),
        "is_cut": max(len(up), len(down)) == MAX_STEPS,
        "max_depth": MAX_DEPTH,
    }
    return render(request, "catalogue/lineage.html", context)


def _tree(
    start: int, steps: list[Step], entries: dict[int, Any], ties: dict[int, Any]
) -> list[dict[str, Any]]:
    """Return the steps as a tree of {entry, adoption, below, is_repeated}; an entry that is
    reached twice is told in full where it is nearest, and elsewhere only named.
    """
    from_near: dict[int, list[Step]] = {}
    nearest: dict[int, Step] = {}
    for step in steps:  # the nearest first
        from_near.setdefault(step.near, []).append(step)
        nearest.setdefault(step.far, step)

    def branch(key: int, depth: int) -> list[dict[str, Any]]:
        if depth > MAX_DEPTH:
            return []
        return [
            {
                "entry": entries[step.far],
                "adoption": ties[step.adoption],
                "below": branch(step.far, depth + 1) if nearest[step.far] == step else [],
                "is_repeated": nearest[step.far] != step and step.far in from_near,
            }
            for step in from_near.get(key, ())
            if step.far in entries and step.adoption in ties
        ]

    return branch(start, 1)
