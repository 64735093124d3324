"""Writing the profiles of experts, and the consent of their employers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, Member
from accounts.services import Change, record_activity
from catalogue.models import Expert, ExpertLanguage, LanguageLevel
from catalogue.services.finding_experts import index_experts
from core.dates import today
from core.errors import DomainError
from hubs.models import Hub
from hubs.services.rows import lock, readable, refuse_stale

EXPERT_FIELDS = (
    *("headline", "language", "biography", "biography_audience", "sectors", "countries"),
    *("years", "years_audience", "availability", "hub", "employer", "employer_audience"),
    *("contact", "contact_audience", "is_published"),
)
MOST_LANGUAGES = 20  # of one profile
OUTSIDE_FIELDS = ("name", "agreed_on")  # of people who are no members
_EMPLOYER = ("hub", "employer")
_PUBLIC_FACE = (
    *("person", "headline", "language", "sectors", "countries", "availability", "spoken_list"),
    *("shown_biography", "shown_years", "shown_employer", "shown_hub", "shown_contact"),
)
Languages = Mapping[str, str]  # code -> level


@transaction.atomic
def create_expert(expert: Expert, *, languages: Languages, by: Member) -> Expert:
    """Save a new profile: `by`'s own, or of somebody outside the portal; nobody else sees it
    before the employer has agreed.

    Raises `PermissionDenied` for another member's profile, for somebody outside whose hub `by`
    does not head, or for a hub that `by` may not see, `DomainError` if `by` has one already,
    `ValidationError` if a column is wrong.
    """
    _refuse_foreign(expert, by)
    Member.objects.select_for_update(no_key=True).get(pk=by.pk)  # two at once are one
    if expert.member is not None and Expert.objects.filter(member=by).exists():
        raise DomainError(_("You have a profile already."))
    expert.added_by = by
    _save(expert, languages)
    index_experts([expert.pk])
    _record("expert.added", expert, by=by)
    return expert


@transaction.atomic
def change_expert(
    expert: Expert,
    *,
    changes: Mapping[str, Any],
    languages: Languages,
    expected_version: int,
    by: Member,
) -> Expert:
    """Change a profile; another employer must agree anew.

    Return the saved row. Raises `PermissionDenied` unless `by` writes it, `StaleEdit` if it is
    not at `expected_version` any more, `ValidationError` if a column is wrong.
    """
    current: Expert = lock(expert)
    if not Expert.objects.editable_by(by).contains(current):
        raise PermissionDenied
    refuse_stale(current, expected_version, saved_profile(current))
    face = _public_face(current)
    before = {name: getattr(current, name) for name in changes} | spoken_by_level(current)
    for name, value in changes.items():
        setattr(current, name, value)
    changed = [name for name in changes if before[name] != getattr(current, name)]
    if set(changed) & set(_EMPLOYER):
        _refuse_foreign(current, by)
        _forget_decision(current)
    _save(current, languages)
    after = spoken_by_level(current)
    changed += [level for level in after if before[level] != after[level]]
    _move_time(current, face)
    index_experts([current.pk])
    _record("expert.changed", current, by=by, fields=changed)
    return current


@transaction.atomic
def consent_to_expert(
    expert: Expert, *, on: datetime.date, note: str, expected_version: int, by: Member
) -> Expert:
    """Note that the employer agreed on the day `on`: a head for the hub, or a moderator who was
    shown it. The profile is as `by` has read it.

    Raises `PermissionDenied` unless `by` may decide, `StaleEdit` if it changed since,
    `DomainError` if there is a consent or the day is to come.
    """
    current = _decided(expert, by)
    refuse_stale(current, expected_version, saved_profile(current))
    if current.consented_on is not None:
        raise DomainError(_("The consent was given already."))
    if on > today():
        raise DomainError(_("The day of the consent is still to come."))
    _forget_decision(current)
    current.consented_on, current.consented_by, current.consent_note = on, by, note.strip()
    return _save_decision(current, "expert.consented", by=by)


@transaction.atomic
def decline_expert(expert: Expert, *, reason: str, by: Member) -> Expert:
    """Say, with a reason, that the employer does not agree, or no more: it is hidden at once,
    whatever was changed in it meanwhile. Raises `PermissionDenied` unless `by` may decide,
    `DomainError` without a reason.
    """
    current = _decided(expert, by)
    if not reason.strip():
        raise DomainError(_("Say why the employer does not agree."))
    verb = "expert.declined" if current.consented_on is None else "expert.consent_withdrawn"
    _forget_decision(current)
    current.declined_at, current.decline_reason = timezone.now(), reason.strip()
    return _save_decision(current, verb, by=by)


def forget_expert(member_pk: int) -> None:
    """Wipe the profile of a member who closes their account, in the running transaction."""
    expert = Expert.objects.select_for_update().filter(member=member_pk).first()
    if expert is None:
        return
    for name in ("headline", "biography", "employer", "contact"):
        setattr(expert, name, "")
    expert.sectors, expert.countries = [], []
    expert.years, expert.hub, expert.is_published = None, None, False
    _forget_decision(expert)
    expert.version += 1
    expert.updated_at = timezone.now()
    expert.save()
    expert.spoken.all().delete()
    index_experts([expert.pk])


def spoken_by_level(expert: Any) -> dict[str, str]:
    """Return the codes of the languages of each level, in one text."""
    spoken = list(expert.spoken.order_by("language").values_list("level", "language"))
    return {
        level: ", ".join(code for each, code in spoken if each == level)
        for level in LanguageLevel.values
    }


def saved_profile(expert: Any) -> dict[str, object]:
    """Return what is saved now, as a person reads it, by the names of the form's fields."""
    names = EXPERT_FIELDS if expert.member_id else (*OUTSIDE_FIELDS, *EXPERT_FIELDS)
    return readable(expert, names) | spoken_by_level(expert)


def _decided(expert: Expert, by: Member) -> Any:
    current = lock(expert)
    if not Expert.objects.decidable_by(by).contains(current):
        raise PermissionDenied
    return current


def _refuse_foreign(expert: Expert, by: Member) -> None:
    hubs: Any = Hub.objects.visible_to(by) if expert.member else Hub.objects.headed_by(by)
    if expert.member is not None and expert.member != by:
        raise PermissionDenied
    if expert.member is None and expert.hub is None and not by.is_moderator:
        raise PermissionDenied
    if expert.hub is not None and not hubs.contains(expert.hub):
        raise PermissionDenied


def _forget_decision(expert: Any) -> None:
    expert.consented_on = expert.consented_by = expert.declined_at = None
    expert.consent_note = expert.decline_reason = ""


def _save(expert: Any, languages: Languages) -> None:
    if expert.pk is not None:
        expert.version += 1
    expert.full_clean(exclude=["consent_note", "decline_reason"])
    expert.save()
    expert.spoken.all().delete()
    ExpertLanguage.objects.bulk_create(
        ExpertLanguage(expert=expert, language=code, level=level)
        for code, level in languages.items()
    )


def _save_decision(expert: Any, verb: str, *, by: Member) -> Expert:
    expert.version += 1
    expert.updated_at = timezone.now()
    expert.save()
    index_experts([expert.pk])
    _record(verb, expert, by=by)
    return expert  # type: ignore[no-any-return]


def _public_face(expert: Any) -> dict[str, Any] | None:
    """Return what everybody sees; None while nobody does."""
    visitor = AnonymousUser()
    found: Any = Expert.objects.published().with_shown(visitor).filter(pk=expert.pk)
    face = found.values(*_PUBLIC_FACE).first()
    return face and {name: "" if value is None else value for name, value in face.items()}


def _move_time(expert: Any, face: dict[str, Any] | None) -> None:
    """Let the time of change follow what everybody sees: a hidden change moves nothing."""
    if _public_face(expert) != face:
        expert.updated_at = timezone.now()
        expert.save(update_fields=["updated_at"])


def _record(verb: str, expert: Any, *, by: Member, fields: list[str] | None = None) -> None:
    """Write the activity, without names and values: these are the person's to take back."""
    changes: list[Change] = [
        {"field": name, "old": None, "new": None} for name in sorted(fields or [])
    ]
    record_activity(
        verb,
        expert,
        by=by,
        audience=ActivityAudience.MODERATORS,
        changes=changes,
        label="",
        subject=expert.member,
    )
