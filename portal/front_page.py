"""What the front page says: figures that lead to the list behind them, and what comes next."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from community.event_times import told_days
from community.models import Article, ArticleKind, Event
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
FRONT_ARTICLES = 4  # the lead and what stands beside it
MOST_CANDIDATES = 40  # articles among which those are chosen


def next_events(user: Member | AnonymousUser) -> list[tuple[Event, str]]:
    """Return the events that come next and that `user` may see, each with its days; one query."""
    seen = Event.objects.visible_to(user).upcoming().filter(state="published")
    return [(event, told_days(event)) for event in seen.order_by("starts_at", "pk")[:NEXT_EVENTS]]


def front_articles(user: Member | AnonymousUser) -> list[Article]:
    """Return what the portal tells first: pinned ones, then those in the reader's language, then
    the newest; of what is told in several languages one, in the reader's if there is. The first
    is the lead: a story, if there is one and nothing is pinned. One query.
    """
    language = str(get_language() or "")[:2]

    def is_foreign(article: Article) -> bool:
        return article.language != language

    def fitting(group: list[Article]) -> Article:
        return min(group, key=lambda each: (is_foreign(each), each.translation_of_id or 0))

    found = Article.objects.visible_to(user).on_front().newest_first().defer("text")
    alike: dict[int, list[Article]] = {}
    for article in found[:MOST_CANDIDATES]:
        alike.setdefault(article.translation_of_id or article.pk, []).append(article)
    told = [(not any(each.is_pinned for each in group), fitting(group)) for group in alike.values()]
    told.sort(key=lambda each: (each[0], is_foreign(each[1])))  # newest first, where alike
    articles = [article for _is_other, article in told]
    leads = [each for each in articles if each.is_pinned or each.kind == ArticleKind.STORY]
    articles.sort(key=lambda each: each not in leads[:1])
    return articles[:FRONT_ARTICLES]


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
