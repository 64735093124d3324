"""Segments: what can be chosen, checked and said in words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from community.models import Announcement, Event, Space, Tie
from community.querysets.announcements import offered_events, offered_hubs, offered_spaces
from core import codes
from hubs.models import Hub, Membership

if TYPE_CHECKING:
    from accounts.models import Member


def is_everybody(announcement: Announcement) -> bool:
    """Return whether nothing narrows a segment down."""
    chosen = (getattr(announcement, name) for name in Announcement.SEGMENT if name != "ties")
    return announcement.hub_id is None and not any(chosen)


def refuse_unknown(announcement: Announcement, by: Member) -> None:
    """Raise `ValidationError` for hubs, spaces and events that `by` may not choose, and languages
    that the portal does not speak; three queries at most.
    """
    problems = {}
    offers: tuple[tuple[str, Any], ...] = (
        ("hubs", offered_hubs(by)),
        ("spaces", offered_spaces(by)),
        ("events", offered_events()),
    )
    for name, offered in offers:
        slugs = getattr(announcement, name)
        unknown = set(slugs).difference(_known(offered, slugs))
        if unknown:
            problems[name] = _("There is none of this name: %(names)s.") % {
                "names": ", ".join(sorted(unknown))
            }
    spoken = {code for code, _name in settings.LANGUAGES}
    if set(announcement.languages) - spoken:
        problems["languages"] = _("Choose from the languages that the portal speaks.")
    if problems:
        raise ValidationError(problems)


def _known(offered: Any, slugs: Collection[str]) -> set[str]:
    return set(offered.filter(slug__in=slugs).values_list("slug", flat=True)) if slugs else set()


def words_of(announcement: Announcement) -> str:
    """Return in the reader's language whom a segment means: "Members in Brazil or Mexico who
    read Spanish". Three queries at most.
    """
    if is_everybody(announcement):
        return _("Everybody: all members")
    if announcement.hub is not None:
        return _of_hubs([announcement.hub.name], announcement.ties)
    clauses = list(_clauses(announcement))
    if not announcement.hubs:
        clauses.insert(0, _("Members"))
    return " ".join(clauses)


def _clauses(row: Announcement) -> Iterable[str]:
    """Give what is chosen, in words, in the order in which it reads best."""
    if row.hubs:
        yield _of_hubs(_titles(Hub.objects, row.hubs), row.ties)
    roles = [str(Membership.Role(each).label) for each in row.roles]
    places = _named(row.countries, codes.country_name) + _named(row.regions, codes.region_name)
    told = (
        (_("with a role in a hub (%(names)s)"), roles),
        (_("in %(names)s"), places),
        (_("who read %(names)s"), _named(row.languages, codes.language_name)),
        (_("interested in %(names)s"), _named(row.sectors, codes.sector_name)),
        (_("who follow the space %(names)s"), _titles(Space.objects, row.spaces)),
        (_("with a seat at %(names)s"), _titles(Event.objects, row.events)),
    )
    yield from (text % {"names": _either(names)} for text, names in told if names)
    if row.joined_since:
        yield _("who joined since %(day)s") % {"day": date_format(row.joined_since)}


def _of_hubs(names: list[str], ties: str) -> str:
    texts = {
        Tie.BOTH: _("People and followers of %(names)s"),
        Tie.PEOPLE: _("People of %(names)s"),
        Tie.FOLLOWERS: _("Followers of %(names)s"),
    }
    return texts[Tie(ties)] % {"names": _either(names)}


def _titles(things: Any, slugs: Collection[str]) -> list[str]:
    if not slugs:
        return []
    titles = {each.slug: str(each) for each in things.filter(slug__in=slugs)}
    return [titles.get(slug, slug) for slug in slugs]


def _named(values: Iterable[str], name: Callable[[str], str]) -> list[str]:
    return [name(each) for each in values]


def _either(names: list[str]) -> str:
    return get_text_list(names, _("or"))
