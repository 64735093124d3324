"""What is written down of reports and decisions, and who is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ActivityAudience
from accounts.services import Change, record_activity
from core.errors import DomainError
from evaluation.models import Confidentiality, Update, UpdateState
from evaluation.services.following import tell

if TYPE_CHECKING:
    from accounts.models import Member


def refuse_step(update: Update, to: UpdateState) -> None:
    """Raise `DomainError` if the life cycle does not lead from where `update` is to `to`."""
    if to not in Update.NEXT[UpdateState(update.state)]:
        raise DomainError(
            _("This is not possible any more: the figure is now “%(state)s”.")
            % {"state": update.get_state_display()}
        )


def record_update(
    verb: str, update: Update, *, by: Member | None, changes: Iterable[Change] = ()
) -> None:
    """Write the activity: public once everybody may see the figure; of a confidential exchange
    without names, for moderators alone.
    """
    exchange = update.exchange
    if exchange is not None and exchange.confidentiality != Confidentiality.PUBLIC:
        record_activity(verb, update, by=by, audience=ActivityAudience.MODERATORS, label="", url="")
        return
    is_public = Update.objects.visible_to(AnonymousUser()).contains(update)
    record_activity(
        verb,
        update,
        by=by,
        label=f"{update.indicator}, {update.period.plain_name}",
        audience=ActivityAudience.of(is_public=is_public),
        changes=changes,
    )


def tell_author(update: Update, *, note: str = "") -> None:
    """Owe who wrote `update` a mail: that it is approved, or with `note` that it is returned."""
    person = update.author
    if person is None or not person.takes_part:
        return
    if note:
        subject = gettext_lazy("A figure that you reported was returned")
        body = gettext_lazy("%(indicator)s, %(period)s was returned:\n\n%(note)s\n\n%(address)s")
    else:
        subject = gettext_lazy("A figure that you reported was approved")
        body = gettext_lazy("%(indicator)s, %(period)s was approved.\n\n%(address)s")
    tell(
        [person],
        key=f"update-{update.state}:{update.pk}:{update.version}",
        subject=subject,
        body=body,
        path=update.get_absolute_url(),
        indicator=update.indicator,
        period=update.period,
        note=note,
    )
