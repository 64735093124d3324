"""A hub's self-assessment, and the consent to show it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, Member
from accounts.services import Change, record_activity
from core.errors import DomainError
from hubs.models import Hub, PillarScore, SelfAssessment
from hubs.services.rows import lock, refuse_stale, sign, touch


class Score(NamedTuple):
    """A level from 0 to 4 and what shows it; a level without evidence is shown hollow."""

    level: int
    evidence: str


@transaction.atomic
def save_assessment(
    hub: Hub,
    *,
    assessed_on: datetime.date,
    note: str,
    scores: Mapping[str, Score],
    expected_version: int,
    by: Member,
) -> SelfAssessment:
    """Save the hub's assessment of one day, `scores` by pillar; others are "not stated".

    `expected_version` is 0 for a day without one. A change takes a consent back: what the
    heads agreed to show was the old one. Raises `PermissionDenied` if `by` is neither head,
    editor nor M&E focal point, `StaleEdit`, or `ValidationError`.
    """
    # The hub is locked, for there may be no row of that day to lock yet.
    lock(hub)
    if not Hub.objects.assessable_by(by).contains(hub):
        raise PermissionDenied
    assessments = SelfAssessment.objects.select_for_update(no_key=True)
    current = assessments.filter(hub=hub, assessed_on=assessed_on).first()
    if current is None:
        current = SelfAssessment(hub=hub, assessed_on=assessed_on, version=0)
    refuse_stale(current, expected_version, _saved(current))
    current.note = note
    current.version += 1
    was_shown = current.consented_at is not None
    current.consented_at = None
    current.consented_by = None
    current.full_clean(validate_unique=False)
    sign(current, by)
    current.save()
    current.scores.all().delete()
    rows = [
        PillarScore(assessment=current, pillar=pillar, level=score.level, evidence=score.evidence)
        for pillar, score in scores.items()
    ]
    for row in rows:
        row.full_clean(validate_unique=False, validate_constraints=False)
    PillarScore.objects.bulk_create(rows)
    if was_shown:
        touch(hub)
    _record("assessment.saved", current, by=by)
    return current


@transaction.atomic
def give_consent(assessment: SelfAssessment, *, by: Member) -> SelfAssessment:
    """Let everybody see an assessment, as `by` has read it: `assessment` is of that version.

    Raises `PermissionDenied` unless `by` heads the hub, `StaleEdit` if it was changed since,
    `DomainError` if consent was given already.
    """
    current: SelfAssessment = lock(assessment)
    if not SelfAssessment.objects.publishable_by(by).contains(current):
        raise PermissionDenied
    refuse_stale(current, assessment.version, _saved(current))
    if current.consented_at is not None:
        raise DomainError(_("Consent was given already."))
    current.consented_at = timezone.now()
    current.consented_by = by
    return _save(current, "assessment.consented", by=by)


@transaction.atomic
def withdraw_consent(assessment: SelfAssessment, *, by: Member) -> SelfAssessment:
    """Show an assessment to the hub's own people only, whatever was changed in it meanwhile.

    Raises `PermissionDenied` unless `by` heads the hub, `DomainError` without a consent.
    """
    current: SelfAssessment = lock(assessment)
    if not SelfAssessment.objects.publishable_by(by).contains(current):
        raise PermissionDenied
    if current.consented_at is None:
        raise DomainError(_("No consent was given."))
    current.consented_at = None
    current.consented_by = None
    return _save(current, "assessment.consent_withdrawn", by=by)


def _save(assessment: SelfAssessment, verb: str, *, by: Member) -> SelfAssessment:
    assessment.version += 1
    sign(assessment, by)
    assessment.save()
    touch(assessment.hub)
    _record(verb, assessment, by=by)
    return assessment


def _record(verb: str, assessment: SelfAssessment, *, by: Member) -> None:
    """Write the activity, without the levels: moderators read it, and see no assessment that
    the hub has not consented to show.
    """
    day: Change = {"field": "assessed_on", "old": None, "new": assessment.assessed_on.isoformat()}
    record_activity(
        verb, assessment.hub, by=by, audience=ActivityAudience.MODERATORS, changes=[day]
    )


def _saved(assessment: SelfAssessment) -> dict[str, object]:
    if assessment.pk is None:
        return {}
    saved: dict[str, object] = {"note": assessment.note}
    for score in assessment.scores.all():
        saved[f"{score.pillar}_level"] = str(score.level)
        saved[f"{score.pillar}_evidence"] = score.evidence
    return saved
