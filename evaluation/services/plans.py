"""Action plans: begun, written, marked as done; and who is reminded of what."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ActivityAudience, Member
from accounts.services import Change, record_activity
from core.dates import today
from core.errors import DomainError
from evaluation.models import ActionItem, ActionPlan, Party
from evaluation.services.following import tell
from hubs.models import Membership
from hubs.services.rows import lock, readable, refuse_stale, save_changed, sign

ITEM_FIELDS = ("title", "due_on", "responsible", "member")
MOST_ITEMS = 100  # of one plan
REMIND_BEFORE = datetime.timedelta(days=7)


@transaction.atomic
def begin_plan(party: Party, *, by: Member) -> ActionPlan:
    """Return the action plan of a party, begun if there was none.

    Raises `PermissionDenied` if `by` is focal point, editor or head neither of the hub that
    tells the exchange nor of the party's.
    """
    current: Any = lock(party)
    if not Party.objects.plannable_by(by).contains(current):
        raise PermissionDenied
    plan, is_new = ActionPlan.objects.get_or_create(
        party=current, defaults={"exchange": current.exchange, "created_by": by}
    )
    if is_new:
        _record("plan.begun", plan, by=by)
    return plan


@transaction.atomic
def add_item(plan: ActionPlan, item: ActionItem, *, by: Member) -> ActionItem:
    """Add a point to a plan. Raises `PermissionDenied` if `by` does not write the plan,
    `DomainError` if it has too many, `ValidationError` if a column is wrong.
    """
    current = _writable(plan, by)
    if current.items.count() >= MOST_ITEMS:
        raise DomainError(_("This plan has as many points as one can have."))
    item.plan = current
    item.full_clean()
    sign(item, by)
    item.save()
    _record("action.added", current, by=by)
    return item


@transaction.atomic
def change_item(
    item: ActionItem, *, changes: Mapping[str, Any], expected_version: int, by: Member
) -> ActionItem:
    """Change a point. A new day or member is reminded anew. Raises as `add_item`, and
    `StaleEdit`.
    """
    current: Any = lock(item)
    if not ActionItem.objects.editable_by(by).contains(current):
        raise PermissionDenied
    refuse_stale(current, expected_version, readable(current, ITEM_FIELDS))
    before = (current.due_on, current.member_id)
    made = save_changed(current, changes, by=by)
    if before != (current.due_on, current.member_id):
        current.reminded_at = current.overdue_told_at = None
        current.save_without_historical_record(update_fields=["reminded_at", "overdue_told_at"])
    told = [each for each in made if each["field"] != "member"]
    _record("action.changed", current.plan, by=by, changes=told)
    return current  # type: ignore[no-any-return]


@transaction.atomic
def finish_item(item: ActionItem, *, note: str, by: Member) -> ActionItem:
    """Mark a point as done today; a second time changes nothing. Raises `PermissionDenied` if
    `by` neither writes the plan nor sees to the point, `DomainError` if somebody else marked it
    and the note would be lost.
    """
    current: Any = lock(item)
    _refuse_other(current, by)
    said = note.strip()
    if current.done_on is None:
        _set_done(current, today(), said, by)
        _record("action.done", current.plan, by=by)
    elif said not in ("", current.note):
        raise DomainError(_("This point is marked as done already. Your note was not saved."))
    return current  # type: ignore[no-any-return]


@transaction.atomic
def reopen_item(item: ActionItem, *, by: Member) -> ActionItem:
    """Mark a point as not done. Raises as `finish_item`."""
    current: Any = lock(item)
    _refuse_other(current, by)
    if current.done_on is not None:
        _set_done(current, None, current.note, by)
        _record("action.reopened", current.plan, by=by)
    return current  # type: ignore[no-any-return]


def remind_of_actions(now: datetime.datetime) -> int:
    """Owe a mail for each open point that is due within `REMIND_BEFORE`, once, and for each that
    is late, once; return how many. Run twice, it owes nothing more.
    """
    day = timezone.localdate(now, timezone=timezone.get_default_timezone())
    waiting = ActionItem.objects.open().exclude(member=None)
    soon = waiting.filter(due_on__range=(day, day + REMIND_BEFORE), reminded_at=None)
    late = waiting.filter(due_on__lt=day, overdue_told_at=None)
    number = sum(_remind(pk, "reminded_at", now) for pk in _keys(soon))
    return number + sum(_remind(pk, "overdue_told_at", now) for pk in _keys(late))


def people_of(plan: ActionPlan) -> Any:
    """Return the members who can see to a point: those with a role in the hub that tells the
    exchange or in the party's hub.
    """
    hubs = [pk for pk in (plan.exchange.hub_id, plan.party.hub_id) if pk]
    places = Membership.objects.in_force().filter(hub__in=hubs)
    return Member.objects.taking_part().filter(pk__in=places.values("member")).order_by("name")


@transaction.atomic
def _remind(pk: int, mark: str, now: datetime.datetime) -> int:
    rows = ActionItem.objects.open().select_for_update(no_key=True, of=("self",))
    item = rows.filter(pk=pk, **{mark: None}).select_related("plan", "member").first()
    if item is None or item.member is None:
        return 0
    setattr(item, mark, now)
    item.save_without_historical_record(update_fields=[mark])  # type: ignore[attr-defined]
    # Whoever left the hub meanwhile may not see the plan any more, nor hear of it.
    is_theirs = ActionItem.objects.visible_to(item.member).contains(item)
    if not is_theirs or not item.member.takes_part:
        return 0
    is_late = mark == "overdue_told_at"
    tell(
        [item.member],
        key=f"action:{item.pk}:{mark}:{item.due_on}",
        subject=gettext_lazy("Late: %(title)s") if is_late else gettext_lazy("Soon: %(title)s"),
        body=gettext_lazy("“%(title)s” was to be done by %(day)s.\n\n%(address)s")
        if is_late
        else gettext_lazy("“%(title)s” is to be done by %(day)s.\n\n%(address)s"),
        title=item.title,
        day=item.due_on.isoformat(),
        path=item.get_absolute_url(),
    )
    return 1


def _keys(items: Any) -> list[int]:
    return list(items.order_by("pk").values_list("pk", flat=True))


def _writable(plan: ActionPlan, by: Member) -> Any:
    current = lock(plan)
    if not ActionPlan.objects.editable_by(by).contains(current):
        raise PermissionDenied
    return current


def _refuse_other(item: Any, by: Member) -> None:
    if not ActionItem.objects.completable_by(by).contains(item):
        raise PermissionDenied


def _set_done(item: Any, day: datetime.date | None, note: str, by: Member) -> None:
    item.done_on, item.note = day, note
    item.version += 1
    item.full_clean()
    sign(item, by)
    item.save()


def _record(verb: str, plan: Any, *, by: Member, changes: list[Change] | None = None) -> None:
    """Write the activity for the moderators: plans are their parties' own."""
    about: dict[str, Any] = {"audience": ActivityAudience.MODERATORS, "changes": changes or []}
    if not plan.exchange.is_public:
        about |= {"label": _("Confidential exchange"), "url": "", "changes": []}
    record_activity(verb, plan, by=by, **about)
