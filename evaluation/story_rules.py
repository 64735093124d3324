"""What an impact story must say before it is published, in words for its author.

Pure: the story, its statements and what supports them go in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from evaluation.models import Rung
from evaluation.rungs import RUNGS, SUPPORTING

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from evaluation.rungs import Support

MOST_SOURCES = 50  # that one story names
REQUIRED: Mapping[str, Promise] = {
    "summary": gettext_lazy("Say in short what came of it."),
    "other_explanations": gettext_lazy("Say what else could explain this."),
    "what_did_not_work": gettext_lazy("Say what did not work."),
}
_SEPARATOR = pgettext_lazy("between items of a list", ", ")


@dataclass(frozen=True)
class Missing:
    """Something that keeps a story from being published: the page to say it on, and what."""

    section: str
    text: str


def missing_in(story: Any, supports: Mapping[str, Support]) -> list[Missing]:
    """Return all that keeps a story from being published; `supports` by rung told of."""
    texts = [
        Missing(name, str(text))
        for name, text in REQUIRED.items()
        if not getattr(story, name).strip()
    ]
    return [*texts, *_missing_rungs(story, supports)]


def _missing_rungs(story: Any, supports: Mapping[str, Support]) -> Iterator[Missing]:
    if not supports and not story.no_change_found:
        yield Missing(
            Rung.CONNECT,
            _("Tell at least who met whom, or state that no change was found."),
        )
    if story.no_change_found and Rung.REFORM in supports:
        yield Missing(Rung.REFORM, _("A story that found no change tells of no reform."))
    for place, rung in enumerate(RUNGS):
        if rung not in supports:
            continue
        if place and RUNGS[place - 1] not in supports:
            below = RUNGS[place - 1]
            words = {"rung": rung.label, "below": below.label}
            yield Missing(below, _("%(rung)s rests on %(below)s, which is not told.") % words)
        if not supports[rung].holds:
            yield Missing(rung, needed_for(rung))


def needed_for(rung: Rung) -> str:
    """Return the sentence that names what would show a rung."""
    kinds = [str(proves.label) for proves in SUPPORTING[rung]]
    if rung == Rung.CONNECT:
        kinds.append(_("confirmation of the exchange by both sides"))
    if rung == Rung.SHARE:
        kinds.append(_("adoption in the catalogue"))
    listed = str(_SEPARATOR).join(kinds)
    return _("%(rung)s needs at least one of: %(kinds)s.") % {"rung": rung.label, "kinds": listed}
