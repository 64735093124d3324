"""One or many hubs on the five dimensions, for one reader, as of one day.

The page, the comparison and its exports all read from here: one query for each kind of fact,
however many hubs there are.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hubs.models import (
    CoordinationLink,
    DatedFact,
    ExpertiseSource,
    FundingStream,
    Hub,
    InstitutionalArrangement,
    MonitoringPractice,
    Presence,
    Statement,
)

if TYPE_CHECKING:
    from hubs.querysets import User


@dataclass(frozen=True)
class Dimension:
    """A section of a profile: a kind of fact and the question that it answers."""

    slug: str
    title: Promise
    question: Promise
    model: type[DatedFact]


DIMENSIONS = (
    Dimension(
        "institutional-arrangements",
        _("Institutional model"),
        _("How is the hub set up?"),
        InstitutionalArrangement,
    ),
    Dimension(
        "coordination-links",
        _("National coordination"),
        _("How does it coordinate at home?"),
        CoordinationLink,
    ),
    Dimension(
        "expertise-sources",
        _("Sources of expertise"),
        _("Where does its expertise come from?"),
        ExpertiseSource,
    ),
    Dimension("funding-streams", _("Funding"), _("Who pays?"), FundingStream),
    Dimension(
        "monitoring-practices",
        _("Monitoring and evaluation"),
        _("What came of it?"),
        MonitoringPractice,
    ),
)
PRESENCES = Dimension("presences", _("Offices and programmes"), _("Where is it?"), Presence)
STATEMENTS = Dimension("statements", _("About the hub"), _("What do sources say?"), Statement)
SECTIONS = (STATEMENTS, *DIMENSIONS, PRESENCES)


@dataclass
class Profile:
    """A hub and its facts, by the slug of their kind, newest first."""

    hub: Hub
    facts: dict[str, list[Any]] = field(default_factory=dict)

    def about(self, *topics: str) -> list[Any]:
        """Return the statements on `topics`."""
        return [fact for fact in self.facts[STATEMENTS.slug] if fact.topic in topics]

    def all_facts(self) -> Iterator[Any]:
        """Give every fact, in the order of the profile."""
        for section in SECTIONS:
            yield from self.facts[section.slug]


def profiles_of(
    hubs: Iterable[Hub], *, user: User, as_of: datetime.date | None = None
) -> list[Profile]:
    """Return the profiles of `hubs`, in their order, with the facts that `user` may see.

    With `as_of`, those that held on that day; without, all that were ever stated. Seven
    queries.
    """
    profiles = {hub.pk: Profile(hub) for hub in hubs}
    for section in SECTIONS:
        for profile in profiles.values():
            profile.facts[section.slug] = []
        facts = section.model.objects.visible_to(user).filter(hub__in=profiles)
        if as_of is not None:
            facts = facts.as_of(as_of)
        for fact in facts.newest_first().for_list():
            profiles[fact.hub_id].facts[section.slug].append(fact)
    return list(profiles.values())
