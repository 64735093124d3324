"""The people of an event, for those who run it: the same for the page, the API and the CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from community.models import MARKS, EventFeedback
from hubs.serializers.fields import StrictBodyMixin

if TYPE_CHECKING:
    from hubs.querysets import User

_OF_MEMBER = {
    "member": gettext_lazy("Name of the member in addresses; never changes."),
    "name": gettext_lazy("Name of the member."),
    "organisation": gettext_lazy("Organisation of the member; empty where you may not see it."),
}
PEOPLE = _OF_MEMBER | {
    "state": gettext_lazy("requested, approved, waiting, declined or cancelled."),
    "number": gettext_lazy("The order of the requests."),
    "message": gettext_lazy("What the member wrote to the organisers."),
    "requested_at": gettext_lazy("When the member asked for a seat (UTC)."),
    "decided_at": gettext_lazy("When that was decided (UTC); empty: not yet."),
    "reason": gettext_lazy("Why it was declined."),
    "sessions_attended": gettext_lazy(
        "Parts of the agenda at which the member was; 1 at most where there is no agenda."
    ),
}
ATTENDANCE = _OF_MEMBER | {"is_present": gettext_lazy("true: the member was there.")}
SUMMARY = {
    "question": gettext_lazy("Name of the question, as in the programming interface."),
    "mean": gettext_lazy("Mean of all answers, 1 to 5; empty: answered in words."),
    "text": gettext_lazy("One answer in words."),
}
PEOPLE_COLUMNS, ATTENDANCE_COLUMNS, SUMMARY_COLUMNS = (
    tuple(PEOPLE),
    tuple(ATTENDANCE),
    tuple(SUMMARY),
)
MOST_MARKED = 1_000  # people in one request


def people_of(enrolments: QuerySet[Any]) -> QuerySet[Any]:
    """Return enrolments with what their rows need, in the order of the requests."""
    found = enrolments.select_related("member").annotate(sessions_attended=Count("attendances"))
    rows: QuerySet[Any] = found.order_by("number")
    return rows


def people_rows(
    enrolments: Iterable[Any], *, reader: User, columns: Sequence[str] = PEOPLE_COLUMNS
) -> Iterator[dict[str, Any]]:
    """Give enrolments as rows, fetched with their members; of these what `reader` may see."""
    for row in enrolments:
        # Nobody is asked for the hubs that they share: what is for colleagues alone stays out.
        shown = row.member.fields_shown_to(reader, shares_hub=False)
        person = {
            "member": row.member.slug,
            "name": row.member.name,
            "organisation": shown.get("organisation", ""),
        }
        yield {name: person[name] if name in _OF_MEMBER else getattr(row, name) for name in columns}


def summary_rows(summary: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give what all said of an event, of `summary_of`, as the rows of a file."""
    for name, (_label, mean) in zip(MARKS, summary["means"], strict=False):
        yield {"question": name, "mean": mean, "text": ""}
    for name in ("best", "better"):
        for text in summary[name]:
            yield {"question": name, "mean": None, "text": text}


class EnrolmentSerializer(serializers.Serializer[Any]):
    """Somebody's wish to take part."""

    member = serializers.SlugField()
    name = serializers.CharField()
    organisation = serializers.CharField(help_text="If you may see it.")
    state = serializers.CharField()
    number = serializers.IntegerField(help_text="The order of the requests.")
    message = serializers.CharField()
    requested_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()
    sessions_attended = serializers.IntegerField()


class EventAttendanceSerializer(serializers.Serializer[Any]):
    """Somebody with a seat, and whether they were there."""

    member = serializers.SlugField()
    name = serializers.CharField()
    organisation = serializers.CharField(help_text="If you may see it.")
    is_present = serializers.BooleanField()


class AttendedPartSerializer(serializers.Serializer[Any]):
    """What people can have been at."""

    session = serializers.IntegerField(help_text="0: the event itself, which has no agenda.")
    title = serializers.CharField()
    present = serializers.IntegerField(help_text="How many are marked as present.")
    api_url = serializers.URLField()


def _names(help_text: str) -> Any:
    slug = serializers.SlugField(max_length=100)
    return serializers.ListField(
        child=slug, max_length=MOST_MARKED, required=False, help_text=help_text
    )


class MarksSerializer(StrictBodyMixin, serializers.Serializer[Any]):
    """Who was there and who was not; of others nothing changes."""

    present = _names("Members with a seat.")
    absent = _names("Members with a seat.")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        twice = sorted(set(data.get("present", ())) & set(data.get("absent", ())))
        if twice:
            text = _("One cannot be present and absent: %(names)s")
            raise serializers.ValidationError({"absent": [text % {"names": ", ".join(twice)}]})
        return data


class FeedbackAnswersSerializer(StrictBodyMixin, serializers.ModelSerializer[EventFeedback]):
    """What you thought of it: 1 to 5, and in your words."""

    useful = serializers.IntegerField(required=False, help_text="1 (not at all) to 5 (very well).")
    organised = serializers.IntegerField(required=False, help_text="1 to 5.")
    applied = serializers.IntegerField(required=False, help_text="1 to 5.")

    class Meta:
        model = EventFeedback
        fields = (*MARKS, "best", "better")


class QuestionSerializer(serializers.Serializer[Any]):
    """A question on the event."""

    name = serializers.CharField()
    question = serializers.CharField()
    answers = serializers.DictField(
        child=serializers.CharField(), help_text="By number; empty: a text of your own."
    )


class FeedbackSerializer(serializers.Serializer[Any]):
    """The questions, and what you answered."""

    questions = QuestionSerializer(many=True)
    answers = FeedbackAnswersSerializer(allow_null=True, help_text="Yours; null: none yet.")


class MeanSerializer(serializers.Serializer[Any]):
    """The mean of all answers to a question."""

    name = serializers.CharField()
    question = serializers.CharField()
    mean = serializers.FloatField(help_text="1 to 5.")


class FeedbackSummarySerializer(serializers.Serializer[Any]):
    """What all said, without names."""

    count = serializers.IntegerField(help_text="How many answered.")
    fewest = serializers.IntegerField(help_text="From so many on the answers are shown.")
    means = MeanSerializer(many=True)
    best = serializers.ListField(child=serializers.CharField(), help_text="What helped most.")
    better = serializers.ListField(child=serializers.CharField(), help_text="What should be.")
