"""What people are asked at each moment after an exchange: at most eight plain questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from evaluation.models import Moment

if TYPE_CHECKING:
    from django.utils.functional import Promise

MOST_TEXT = 2_000  # characters of an answer in words
USE = (
    ("5", _("Very much")),
    ("4", _("Much")),
    ("3", _("Somewhat")),
    ("2", _("Little")),
    ("1", _("Not at all")),
)
YES_NO = (("yes", _("Yes")), ("no", _("No")), ("unknown", _("I do not know")))


@dataclass(frozen=True)
class Question:
    """One question: the name its answer is kept under, its words, the answers to choose from;
    without choices it is answered in words.
    """

    name: str
    text: Promise
    choices: tuple[tuple[str, Promise], ...] = ()

    def said(self, answer: str) -> str:
        """Return an answer in the reader's language."""
        return str(dict(self.choices).get(answer, answer))


_IN_TOUCH = Question(
    "in_touch", _("Are you still in touch with the people whom you met in the exchange?"), YES_NO
)
_DID_NOT_WORK = Question("did_not_work", _("What did not work, or was of no use to you?"))
QUESTIONS: Mapping[Moment, tuple[Question, ...]] = {
    Moment.END: (
        Question("useful", _("How useful was the exchange for your work?"), USE),
        Question("learned", _("What is the most useful thing that you learned?")),
        Question("plan", _("What do you mean to do with it in the next months?")),
        Question("needs", _("What do you still need for that?")),
        _DID_NOT_WORK,
    ),
    Moment.HALF_YEAR: (
        _IN_TOUCH,
        Question("used", _("Have you used what you learned in your work?"), YES_NO),
        Question("how_used", _("What did you do with it? An example will do.")),
        Question("shared", _("With whom have you shared it?")),
        Question("hindered", _("What made it difficult?")),
        _DID_NOT_WORK,
    ),
    Moment.TWO_YEARS: (
        _IN_TOUCH,
        Question(
            "changed", _("Has a rule, a budget, a procedure or a service changed since?"), YES_NO
        ),
        Question("what_changed", _("What changed, and where can that be read?")),
        Question("stayed", _("Is it still so today?"), YES_NO),
        Question("other_reasons", _("What else led to the change?")),
        _DID_NOT_WORK,
    ),
}


def told_answers(moment: str, answers: Mapping[str, Any]) -> Iterator[tuple[Question, str]]:
    """Give each question that was answered, with what was said, in their order."""
    for question in QUESTIONS[Moment(moment)]:
        answer = answers.get(question.name, "")
        if answer:
            yield question, question.said(str(answer))
