"""What the front page says: figures that lead to the list behind them, and what comes next."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from community.event_times import told_days
from community.models import Event
from core.dates import today
from hubs.models import (
    CoordinationLink,
    DatedFact,
    ExpertiseSource,
    FundingStream,
    InstitutionalArrangement,
    InstitutionalModel,
    MonitoringPractice,
)

NEXT_EVENTS = 3


def next_events(user: Member | AnonymousUser) -> list[tuple[Event, str]]:
    """Return the events that come next and that `user` may see, each with its days; one query."""
    seen = Event.objects.visible_to(user).upcoming().filter(state="published")
    return [(event, told_days(event)) for event in seen.order_by("starts_at", "pk")[:NEXT_EVENTS]]


@dataclass(frozen=True)
class Answer:
    """One answer to a question, and how many hubs give it; `value` is the filter's."""

    value: str
    label: str
    hubs: int


@dataclass(frozen=True)
class Question:
    """One of the five questions that the hubs asked each other in Bali."""

    text: Promise
    dimension: Promise
    parameter: str
    fact: type[DatedFact]
    field: str

    def answers(self, user: Member | AnonymousUser) -> list[Answer]:
        """Return the answers that hold today and that `user` may see, most common first."""
        names = self._names()
        rows = (
            self.fact.objects.visible_to(user)
            .as_of(today())
            .values(self.field)
            .annotate(hubs=Count("hub", distinct=True))
            .order_by("-hubs", self.field)
        )
        return [Answer(row[self.field], names(row[self.field]), row["hubs"]) for row in rows]

    def _names(self) -> Callable[[str], str]:
        if self.field == "model":
            models = {model.code: str(model) for model in InstitutionalModel.objects.all()}
            return models.__getitem__
        field = self.fact._meta.get_field(self.field)
        labels = {value: str(label) for value, label in getattr(field, "flatchoices", ())}
        return labels.__getitem__


QUESTIONS = (
    Question(
        _("How is a hub set up?"),
        _("Institutional model"),
        "model",
        InstitutionalArrangement,
        "model",
    ),
    Question(
        _("How does it coordinate at home?"),
        _("National coordination"),
        "coordination",
        CoordinationLink,
        "government_level",
    ),
    Question(
        _("Where does its expertise come from?"),
        _("Sources of expertise"),
        "expertise",
        ExpertiseSource,
        "kind",
    ),
    Question(_("Who pays?"), _("Funding"), "funding", FundingStream, "source_type"),
    Question(
        _("What came of it?"),
        _("Monitoring and evaluation"),
        "monitoring",
        MonitoringPractice,
        "approach",
    ),
)
