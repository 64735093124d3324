"""Two accounts of one person made one; what becomes of which row is `community.merging`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import Count, F, ProtectedError, Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import ActivityAudience, Member
from accounts.registers import MEMBER_CHANGED
from accounts.services import Change, close_duplicate, queue_mail, record_activity
from community.merging import FATES, Fate, key_of, relations_to_members
from community.models import Post, SpacePerson, SpaceRole, UsefulMark
from community.services.deciding import MERGING_LOCK
from core.errors import DomainError
from core.naming import one_at_a_time


@dataclass(frozen=True)
class Line:
    """How many rows of one kind move, and how many are dropped since the other has them."""

    label: str
    moves: int
    drops: int


def mergeable(duplicate: Member, into: Member, *, by: Member) -> None:
    """Raise `PermissionDenied` unless `by` is an administrator and neither account is their own,
    `DomainError` for two that cannot be made one.
    """
    if not by.is_administrator or by.pk in (duplicate.pk, into.pk):
        raise PermissionDenied
    if duplicate.pk == into.pk:
        raise DomainError(_("Choose another account: this is the same one."))
    if any(each.role != Member.Role.MEMBER for each in (duplicate, into)):
        raise DomainError(_("Accounts of moderators and administrators are not merged."))
    if any(each.status == Member.Status.CLOSED for each in (duplicate, into)):
        raise DomainError(_("One of the accounts is closed."))
    if any(each.status in ("limited", "suspended") for each in (duplicate, into)):
        raise DomainError(
            _("A measure is in force against one of the accounts. Lift it first, or let it end.")
        )
    if into.status == Member.Status.PENDING:
        raise DomainError(_("The account that stays waits for approval. Decide on that first."))


def preview(duplicate: Member, into: Member) -> list[Line]:
    """Return what would move, by kind; two queries a kind at most."""
    lines = []
    for field in _moving():
        rows = _rows(field).filter(**{field.name: duplicate})
        number = rows.count()
        if number:
            dropped = _clashing(field, duplicate, into).count()
            label = f"{field.model._meta.verbose_name_plural}: {field.verbose_name}"
            lines.append(Line(label, number - dropped, dropped))
    return lines


@transaction.atomic
def merge_members(duplicate: Member, into: Member, *, by: Member) -> Member:
    """Make what `duplicate` wrote and holds that of `into`, close `duplicate`, and return `into`.

    Raises as `mergeable`; `DomainError`, too, where one of the two decided on what the other
    wrote in a way that no account may do with its own work.
    """
    one_at_a_time(MERGING_LOCK)
    rows = Member.objects.select_for_update(no_key=True).order_by("pk")
    people = rows.in_bulk([duplicate.pk, into.pk, by.pk])
    old: Member = people[duplicate.pk]
    new: Member = people[into.pk]
    decider: Member = people[by.pk]
    mergeable(old, new, by=decider)
    _keep_moderating(old, new)
    try:
        with transaction.atomic():
            changes = [change for field in _moving() for change in _move(field, old, new)]
    except (IntegrityError, ProtectedError) as error:
        raise DomainError(
            _("These accounts cannot be merged: one has decided on what the other wrote.")
        ) from error
    _drop(old)
    _recount_marks(new)
    record_activity(
        "member.merged", new, by=decider, audience=ActivityAudience.MODERATORS, changes=changes
    )
    close_duplicate(old, by=decider)
    for follow in MEMBER_CHANGED:
        follow(new.pk)
    _tell(new, old)
    return new


def _moving() -> list[Any]:
    return [field for field in relations_to_members() if FATES.get(key_of(field)) is Fate.MOVE]


def _rows(field: Any) -> Any:
    return field.model._base_manager.all()


def _move(field: Any, old: Member, new: Member) -> Iterator[Change]:
    """Move the rows of one column, less those that the other has already."""
    dropped = list(_clashing(field, old, new).values_list("pk", flat=True))
    for row in _rows(field).filter(pk__in=dropped):
        row.delete()
    moved = _rows(field).filter(**{field.name: old}).update(**{field.name: new})
    if moved or dropped:
        name = str(field.model._meta.verbose_name_plural)
        yield {"field": name, "old": len(dropped) or None, "new": moved}


def _clashing(field: Any, old: Member, new: Member) -> Any:
    """Return the rows of `old` that `new` could not have beside its own."""
    rows = _rows(field).filter(**{field.name: old})
    clash = Q(pk__in=[])
    for others, condition in _uniques(field):
        held = _rows(field).filter(condition, **{field.name: new})
        same = {name: models.OuterRef(name) for name in others}
        # Where nothing else must differ, having one is enough.
        clash |= condition & Q(models.Exists(held.filter(**same)))
    return rows.filter(clash)


def _uniques(field: Any) -> Iterator[tuple[list[str], Q]]:
    """Yield, for each rule by which `field` must be unique, what else it counts, and when."""
    if field.unique:
        yield [], Q()
    for names in field.model._meta.unique_together:
        if field.name in names:
            yield [name for name in names if name != field.name], Q()
    for rule in field.model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and field.name in rule.fields:
            others = [name for name in rule.fields if name != field.name]
            yield others, rule.condition or Q()


def _drop(old: Member) -> None:
    for field in relations_to_members():
        model = field.model._meta.app_label
        if FATES.get(key_of(field)) is Fate.DROP and model in ("accounts", "community"):
            _rows(field).filter(**{field.name: old}).delete()


def _keep_moderating(old: Member, new: Member) -> None:
    """Let who moderates a space with either account moderate it with the one that stays."""
    kept = SpacePerson.objects.filter(member=old, role=SpaceRole.MODERATOR).values("space")
    SpacePerson.objects.filter(member=new, space__in=kept).update(role=SpaceRole.MODERATOR)


def _recount_marks(new: Member) -> None:
    """Take away the marks that are on one's own posts now, and count anew."""
    own = UsefulMark.objects.filter(member=new, post__author=new)
    own.delete()
    posts = Post.objects.filter(Q(author=new) | Q(useful__member=new)).distinct()
    counted = Post.objects.filter(pk__in=posts.values("pk")).annotate(marks=Count("useful"))
    for post in counted.exclude(useful_count=F("marks")):
        Post.objects.filter(pk=post.pk).update(useful_count=post.marks)


def _tell(new: Member, old: Member) -> None:
    with translation.override(new.language):
        queue_mail(
            key=f"merged:{old.pk}:{new.pk}",
            to=new.email,
            subject=_("Your two accounts are one now"),
            body=_(
                "An administrator has made your two accounts one. What you wrote with the other "
                "one is yours here; the other one is closed."
            ),
        )
