"""The closed lists that describe an experience: goals, instruments, levels of results, cost.

Sustainable Development Goals: United Nations, A/RES/70/1. Instruments and levels of results
follow the World Bank Institute's guide to knowledge exchange, in this project's own words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.dates import today
from hubs.models.dimensions import ExpertiseKind

if TYPE_CHECKING:
    from django.utils.functional import Promise

FIRST_YEAR = 1950  # in which an experience of the catalogue can have begun

SDGS: dict[str, Promise] = {
    "1": _("No poverty"),
    "2": _("Zero hunger"),
    "3": _("Good health and well-being"),
    "4": _("Quality education"),
    "5": _("Gender equality"),
    "6": _("Clean water and sanitation"),
    "7": _("Affordable and clean energy"),
    "8": _("Decent work and economic growth"),
    "9": _("Industry, innovation and infrastructure"),
    "10": _("Reduced inequalities"),
    "11": _("Sustainable cities and communities"),
    "12": _("Responsible consumption and production"),
    "13": _("Climate action"),
    "14": _("Life below water"),
    "15": _("Life on land"),
    "16": _("Peace, justice and strong institutions"),
    "17": _("Partnerships for the goals"),
}


class EntrySize(TextChoices):
    """How much is told: the few things that make it useful, or all."""

    SNAPSHOT = "snapshot", _("Snapshot")
    FULL = "full", _("Full entry")


class CostBand(TextChoices):
    """What it cost in all, in US dollars of its time."""

    UNDER_10K = "under-10k", _("Under US$ 10,000")
    UNDER_100K = "10k-100k", _("US$ 10,000 to 100,000")
    UNDER_1M = "100k-1m", _("US$ 100,000 to 1 million")
    UNDER_10M = "1m-10m", _("US$ 1 million to 10 million")
    OVER_10M = "over-10m", _("Over US$ 10 million")


class Instrument(TextChoices):
    """The form of an exchange: what people did together to learn."""

    ACTION_LEARNING = "action-learning", _("Action learning")
    AFTER_ACTION_REVIEW = "after-action-review", _("After-action review")
    CATALOGUE = "catalogue", _("Catalogue or portfolio")
    COMMUNITY_OF_PRACTICE = "community-of-practice", _("Community of practice")
    COMPETITION = "competition-challenge", _("Competition or challenge")
    CONFERENCE = "conference", _("Conference")
    DEMONSTRATION_SITE = "demonstration-site", _("Demonstration site or centre")
    DIALOGUE_SERIES = "dialogue-series", _("Dialogue series")
    EXPERT_VISIT = "expert-visit", _("Expert visit")
    JOINT_RESEARCH = "joint-research", _("Joint research or field trial")
    EXCHANGE_MEETING = "knowledge-exchange-meeting", _("Knowledge exchange meeting")
    KNOWLEDGE_FAIR = "knowledge-fair", _("Knowledge fair")
    KNOWLEDGE_JAM = "knowledge-jam", _("Knowledge jam")
    STAKEHOLDER_DIALOGUE = "multi-stakeholder-dialogue", _("Multi-stakeholder dialogue")
    PEER_ASSIST = "peer-assist", _("Peer assist")
    PROGRAMMATIC = "programmatic-exchange", _("Programme of exchanges through a facility")
    RETROSPECT = "retrospect", _("Retrospect")
    SECONDMENT = "secondment", _("Secondment")
    STAND_ALONE = "stand-alone-exchange", _("Single exchange through a facility")
    STUDY_TOUR = "study-tour", _("Study tour")
    TECHNICAL_ASSISTANCE = "technical-assistance", _("Technical assistance project")
    TRAINING = "training", _("Training course")
    TWINNING = "twinning", _("Twinning")
    WORKSHOP = "workshop", _("Workshop")


class ResultLevel(TextChoices):
    """How far along the results chain a result lies."""

    INPUT = "input", _("Input")
    OUTPUT = "output", _("Output")
    AWARENESS = "raised-awareness", _("Raised awareness")
    KNOWLEDGE = "new-knowledge", _("New or better knowledge")
    SKILLS = "enhanced-skills", _("Better skills")
    CONSENSUS = "improved-consensus", _("Better consensus")
    CONNECTIVITY = "enhanced-connectivity", _("Better connections")
    COALITIONS = "improved-coalitions", _("New or stronger coalitions")
    KNOW_HOW = "new-implementation-know-how", _("New know-how of doing it")
    PRACTICE = "improved-practice", _("Better practice")
    POLICY = "strengthened-policy", _("Stronger policy")
    INSTITUTION = "strengthened-institution", _("Stronger institution")
    OWNERSHIP = "stakeholder-ownership", _("Stronger ownership")
    GOAL = "development-goal", _("Progress towards the development goal")
    TARGET = "target", _("Target, not a result")
    SCALE = "scale", _("Scale or reach")
    RECOGNITION = "recognition", _("Recognition")
    COMMITMENT = "partner-commitment", _("Commitment of a partner")


def sdg_choices() -> list[tuple[str, str]]:
    """Return the goals with number and name, in order."""
    return [(code, f"{code}. {name}") for code, name in SDGS.items()]


def instrument_choices() -> list[tuple[str, str]]:
    """Return the instruments by name, in the reader's language."""
    return sorted(
        ((code, str(name)) for code, name in Instrument.choices), key=lambda pair: pair[1]
    )


def expertise_choices() -> list[tuple[str, str]]:
    """Return where expertise comes from, as hubs state it of themselves."""
    return [(str(code), str(name)) for code, name in ExpertiseKind.choices]


CONTESTED_CHOICES = [("yes", _("Contested")), ("no", _("Not contested"))]
# Whether a source backs a result.
EVIDENCE_CHOICES = [("yes", _("A result with its source")), ("no", _("No result with a source"))]


def year_choices() -> list[tuple[str, str]]:
    """Return the years in which an experience can have begun, the newest first."""
    return [(str(year), str(year)) for year in range(today().year, FIRST_YEAR - 1, -1)]


class ResourceKind(TextChoices):
    """What a document of the library is."""

    BLOG = "blog", _("Blog post")
    BOOK = "book", _("Book")
    CATALOGUE = "catalogue", _("Catalogue of practices")
    COMMUNIQUE = "communique", _("Communiqué or declaration")
    DATA_SET = "data-set", _("Data set")
    EVALUATION = "evaluation", _("Evaluation")
    GUIDE = "guide", _("Guide or handbook")
    MAGAZINE = "magazine", _("Magazine")
    OPTIONS_PAPER = "options-paper", _("Options paper")
    OTHER = "other", _("Other document")
    PAPER = "paper", _("Paper")
    PRESENTATION = "presentation", _("Presentation")
    PRESS_RELEASE = "press-release", _("Press release")
    PROGRAMME = "programme", _("Programme or policy")
    RECORDING = "recording", _("Recording")
    REPORT = "report", _("Report")
    TOOLKIT = "toolkit", _("Toolkit")
    UN_DOCUMENT = "un-document", _("Document of the United Nations")
    WEB_PAGE = "web-page", _("Web page or portal")
