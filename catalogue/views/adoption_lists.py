"""Adoptions on the pages of what was adopted, and of what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import ngettext

from catalogue.models import Adoption

if TYPE_CHECKING:
    from catalogue.models import BuildingBlock, Entry
    from hubs.querysets import User

SHOWN = 25  # adoptions on a page; the list has the rest


def adopted_by(thing: Entry | BuildingBlock, user: User) -> dict[str, Any]:
    """Return who adopted `thing`, as far as `user` may see: `counts` in words, `lines` (the
    newest), `more` (how many others). Two queries.
    """
    adoptions = Adoption.objects.visible_to(user).filter(**{_column(thing): thing})
    tally = adoptions.tally()
    lines = list(adoptions.for_list(user).newest_first()[:SHOWN])
    total = tally["confirmed"] + tally["claimed"]
    return {"counts": _in_words(tally), "lines": lines, "more": total - len(lines)}


def adapted_from(entry: Entry, user: User) -> list[Adoption]:
    """Return the adoptions by which `entry` came of others: one query."""
    found = Adoption.objects.visible_to(user).filter(resulting_entry=entry)
    return list(found.for_list(user).newest_first()[:SHOWN])


def _column(thing: Entry | BuildingBlock) -> str:
    return "entry" if thing._meta.model_name == "entry" else "block"


def _in_words(tally: dict[str, int]) -> list[str]:
    """Return the counts, confirmed and stated apart; none of nought."""
    texts = (
        (ngettext("%d confirmed", "%d confirmed", tally["confirmed"]), tally["confirmed"]),
        (
            ngettext(
                "%d stated by the adopter only", "%d stated by the adopters only", tally["claimed"]
            ),
            tally["claimed"],
        ),
        (ngettext("%d of these failed", "%d of these failed", tally["failed"]), tally["failed"]),
    )
    return [text % number for text, number in texts if number]
