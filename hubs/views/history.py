"""A hub's dated history: what held when, and what was changed in the portal."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import Activity
from core import codes
from core.dates import format_partial_date
from core.footnotes import SourceNumbers
from core.shared_pages import shared_page
from hubs.models import FACT_MODELS, Hub, SelfAssessment, Statement
from hubs.profile import SECTIONS, Profile, profiles_of
from hubs.views.dates import AsOfForm
from hubs.wording import details, fact_line, headline

CHANGES_SHOWN = 100  # newest recorded changes
# Fields of recorded changes that hold codes, and what names them.
CODE_NAMES: dict[str, Callable[[str], str]] = {
    "countries": codes.country_name,
    "country": codes.country_name,
    "languages": codes.language_name,
    "native_language": codes.language_name,
    "sectors": codes.sector_name,
    "currency": codes.currency_name,
}
OTHER_LABELS = {"sources": gettext_lazy("sources"), "reason": gettext_lazy("reason")}


@require_safe
@shared_page
def hub_history(request: HttpRequest, slug: str) -> HttpResponse:
    """/hubs/<slug>/history/: what held when, and what was changed here by whom."""
    hub = get_object_or_404(
        Hub.objects.visible_to(request.user).with_can_edit(request.user), slug=slug
    )
    (profile,) = profiles_of([hub], user=request.user)
    changes = (
        Activity.objects.visible_to(request.user)
        .about(app="hubs", model="hub", pk=hub.pk)
        .for_list()[:CHANGES_SHOWN]
    )
    context = {
        "hub": hub,
        "form": AsOfForm(),
        "numbers": SourceNumbers(),
        "sections": [
            (section, [_line(fact) for fact in profile.facts[section.slug]]) for section in SECTIONS
        ],
        "events": list(timeline(profile)),
        "changes": [(activity, list(readable_changes(activity.changes))) for activity in changes],
    }
    return render(request, "hubs/hub_history.html", context)


def _line(fact: Any) -> dict[str, Any]:
    """Return a fact's line; a statement says what it is about."""
    line = fact_line(fact)
    if isinstance(fact, Statement):
        words = {"topic": fact.get_topic_display(), "text": line["text"]}
        line["text"] = _("%(topic)s: %(text)s") % words
    return line


def timeline(profile: Profile) -> Iterator[dict[str, Any]]:
    """Give the founding and the dated beginnings and ends in the life of a hub, newest first."""
    events: list[tuple[datetime.date, dict[str, Any]]] = []
    if profile.hub.founded_year:
        day = datetime.date(profile.hub.founded_year, 1, 1)
        sources = sources_of(profile.about("founding"))
        events.append((day, _event(str(day.year), _("Founded"), [], sources)))
    for fact in profile.all_facts():
        events += _events_of(fact)
    for _day, event in sorted(events, key=lambda pair: pair[0], reverse=True):
        yield event


def _events_of(fact: Any) -> Iterator[tuple[datetime.date, dict[str, Any]]]:
    """Give the beginning and the end of a fact; one event if both fall into the same time."""
    title = capfirst(f"{fact._meta.verbose_name}: {headline(fact)}")
    added = details(fact)[:1]
    began = format_partial_date(fact.valid_from, fact.valid_from_precision)
    ended = format_partial_date(fact.valid_to, fact.valid_to_precision)
    if began and began == ended:
        yield fact.valid_to, _event(ended, title, added, fact.source_list)
        return
    for day, when, word in (
        (fact.valid_from, began, _("Began")),
        (fact.valid_to, ended, _("Ended")),
    ):
        if day is not None:
            yield day, _event(when, title, [word, *added], fact.source_list)


def _event(
    when: str, title: str, texts: list[str], sources: list[dict[str, Any]]
) -> dict[str, Any]:
    return {"when": when, "title": title, "text": " · ".join(texts), "source_list": sources}


def sources_of(facts: Iterable[Any]) -> list[dict[str, Any]]:
    """Return the sources of several facts, each once."""
    return list({source["pk"]: source for fact in facts for source in fact.source_list}.values())


def readable_changes(changes: Iterable[dict[str, Any]]) -> Iterator[dict[str, str]]:
    """Give each change with the name of its field and both texts in the reader's language."""
    for change in changes:
        name = change["field"]
        yield {
            "label": capfirst(str(_label(name))),
            "old": _text(name, change.get("old")),
            "new": _text(name, change.get("new")),
        }


@cache
def _label(name: str) -> object:
    """Return the name of a field, or of a kind of fact, as a lazy text."""
    model: Any
    for model in (*FACT_MODELS, Hub, SelfAssessment):
        if name == model._meta.model_name:
            return model._meta.verbose_name
        try:
            field: Any = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        return getattr(field, "verbose_name", name)
    return OTHER_LABELS.get(name, name.replace("_", " "))


def _text(name: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in CODE_NAMES:
        return ", ".join(CODE_NAMES[name](code) or code for code in str(value).split(", "))
    return str(value)
