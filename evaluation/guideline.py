"""The guideline: what to ask before, at the start, at the end and after an exchange.

Four moments, each with questions and a checklist, in the portal's own words; the moments follow
the evaluation practice that Indonesia's coordinating team described in Bali (see the sources of
its hub).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise


@dataclass(frozen=True)
class Question:
    """One question, how it is answered, and what the answer is for."""

    text: Promise
    answer: Promise
    use: Promise


@dataclass(frozen=True)
class Moment:
    """One of the four moments at which people are asked."""

    slug: str
    title: Promise
    when: Promise
    lead: Promise
    questions: tuple[Question, ...]
    checklist: tuple[Promise, ...]


WORDS, LEVEL, YES_NO, NUMBER = (
    _("in words"),
    _("level from 1, not at all, to 5, fully"),
    _("yes or no, and why"),
    _("number"),
)

MOMENTS = (
    Moment(
        "before",
        _("Before"),
        _("Six to eight weeks before the first activity"),
        _("What the seeker wants to change, and how both sides will know that it changed."),
        (
            Question(
                _("Which problem do you want to solve, and since when have you had it?"),
                WORDS,
                _("The challenge: the baseline is stated in its terms."),
            ),
            Question(
                _("Which rule, budget, procedure or service is to be different afterwards?"),
                WORDS,
                _("The reform that the last rung is judged by."),
            ),
            Question(
                _("Which figures describe today’s state, from which source?"),
                NUMBER,
                _("The baseline; without one, falling indicators have no progress."),
            ),
            Question(
                _("Who may decide on that change, and will they take part?"),
                YES_NO,
                _("Who should be invited; people without a say rarely carry a change."),
            ),
            Question(
                _("What have you tried already, and what came of it?"),
                WORDS,
                _("What the provider need not show again."),
            ),
            Question(
                _("How well do the people who come know the subject?"),
                LEVEL,
                _("Compared with the same question at the end."),
            ),
        ),
        (
            _("Provider and seeker have agreed in writing what is to be learnt."),
            _("Each result has an indicator from the library, with a baseline or its absence."),
            _("Languages and interpretation are settled."),
            _("It is said who pays what, in days and seats first, in money second."),
            _("Those who come have been chosen by what they can change at home."),
            _("Consent to be asked again after six and twenty-four months was obtained."),
        ),
    ),
    Moment(
        "start",
        _("At the start"),
        _("On the first day"),
        _("Who is there, what they expect, and what they know."),
        (
            Question(
                _("What do you want to be able to do when you go home?"),
                WORDS,
                _("Compared with what people say at the end."),
            ),
            Question(
                _("How well do you know the subject today?"),
                LEVEL,
                _("The baseline of what was learnt."),
            ),
            Question(
                _("What could keep you from using it at home?"),
                WORDS,
                _("What the last session should work on."),
            ),
            Question(
                _("Whom at home will you tell first?"),
                WORDS,
                _("The beginning of the action plan."),
            ),
        ),
        (
            _("Attendance is written down by institution, by women and men where people say so."),
            _("Everybody has met at least one person of the other side."),
            _("The programme leaves a third of the time to questions."),
            _("It is said what will be asked later, by whom, and what for."),
        ),
    ),
    Moment(
        "end",
        _("At the end"),
        _("On the last day"),
        _("What people take home, and what they plan."),
        (
            Question(
                _("How well do you know the subject now?"),
                LEVEL,
                _("Less the answer at the start: what was learnt."),
            ),
            Question(
                _("Which practice do you want to take up, and which not, and why?"),
                WORDS,
                _("The share rung: which practice moved."),
            ),
            Question(
                _("What would have to be changed for it to work at home?"),
                WORDS,
                _("The adaptation note."),
            ),
            Question(
                _("What are your next three steps, by when, with whom?"),
                WORDS,
                _("The action plan, of which reminders are sent."),
            ),
            Question(
                _("What was missing, or was a waste of time?"),
                WORDS,
                _("What the provider improves; criticism is published too."),
            ),
        ),
        (
            _("Each participant has an action plan with dates."),
            _("Materials are in the library, with a licence."),
            _("Both sides have confirmed the facts of the exchange."),
            _("A contact on each side is named who is still there next year."),
        ),
    ),
    Moment(
        "after",
        _("After"),
        _("Six and twenty-four months later"),
        _("What changed and stayed, what did not, and what else explains it."),
        (
            Question(
                _("Which rule, budget, procedure or service has changed?"),
                WORDS,
                _("The reform rung; a document or figures are asked for."),
            ),
            Question(
                _("Which document or figure shows it?"),
                WORDS,
                _("Evidence; without it the rung is not reached."),
            ),
            Question(
                _("What else could explain the change?"),
                WORDS,
                _("Required for every impact story."),
            ),
            Question(
                _("What did not work, or was given up, and why?"),
                WORDS,
                _("Required as well; “no change found” is a result."),
            ),
            Question(
                _("Are you still in touch with the other side?"),
                YES_NO,
                _("The connect rung: whether the tie is alive."),
            ),
            Question(
                _("What are the indicators’ figures today?"),
                NUMBER,
                _("Updates of the framework, to be approved."),
            ),
        ),
        (
            _("Both sides were asked, not only the provider."),
            _("Figures were collected in the same way as the baseline."),
            _("A third party has read the story."),
            _("What did not work stands beside what did."),
        ),
    ),
)
