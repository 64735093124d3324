"""One space for each of the five questions of Bali, and one for news."""

from __future__ import annotations

from collections import Counter

from django.db import transaction

from community.models import Audience, Space, SpaceDimension
from community.news import NEWS_SPACE
from community.services.spaces import NAMING_LOCK
from core.naming import one_at_a_time

# Name in addresses, name, dimension, what it is for.
SPACES = (
    (
        "institutional-model",
        "Institutional model",
        SpaceDimension.INSTITUTIONAL,
        "How a hub is set up: unit or agency, law or decree, board and staff, and what you would "
        "do differently.",
    ),
    (
        "national-coordination",
        "National coordination",
        SpaceDimension.COORDINATION,
        "How a hub works with ministries, states, cities and others at home, and how they agree "
        "who does what.",
    ),
    (
        "sources-of-expertise",
        "Sources of expertise",
        SpaceDimension.EXPERTISE,
        "Where the people come from who share: own staff, institutes, universities, the private "
        "sector; how they are found, prepared and thanked.",
    ),
    (
        "funding",
        "Funding",
        SpaceDimension.FUNDING,
        "Who pays for exchanges and for the hub itself: budgets, partners, cost sharing, and what "
        "is given in kind.",
    ),
    (
        "monitoring-and-evaluation",
        "Monitoring and evaluation",
        SpaceDimension.MONITORING,
        "What came of it: indicators, evidence, follow-up, and how little of it can be enough.",
    ),
)


@transaction.atomic
def load_starter_spaces() -> Counter[str]:
    """Add the spaces that are not there and never were; return how many by kind.

    What people changed stays as it is, and what they archived stays so.
    """
    one_at_a_time(NAMING_LOCK)
    known = set(Space.history.values_list("slug", flat=True))
    rows = [
        Space(slug=slug, name=name, dimension=dimension, description=text, is_starter=True)
        for slug, name, dimension, text in SPACES
        if slug not in known
    ]
    if NEWS_SPACE not in known:
        rows.append(
            Space(
                slug=NEWS_SPACE,
                name="Announcements and news",
                description="What moderators announce to all. Everybody reads, they write.",
                writers=Audience.PEOPLE,
                is_starter=True,
            )
        )
    for row in rows:
        row.full_clean()
        row.save()
    return Counter(spaces=len(rows))
