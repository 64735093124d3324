"""Reporting by a link, without an account: made, mailed, used once, revoked."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.services import queue_mail
from core.errors import DomainError
from evaluation.models import Indicator, ReportingLink, Update
from evaluation.services.locks import refuse_locked
from evaluation.services.reporting import submit_locked, write_new
from evaluation.services.units import Unit, may_report
from evaluation.services.update_checks import Stated, refuse_period
from evaluation.services.update_records import record_update

if TYPE_CHECKING:
    from accounts.models import Member
    from evaluation.models import Period

MOST_DAYS = 90  # that a link lives
MOST_INDICATORS = 30  # of one link
THANKED_FOR = datetime.timedelta(hours=1)  # that who reported by a link is shown so


_GONE = gettext_lazy("This link cannot be used any more.")


class LinkGone(DomainError):
    """A link that never was, was used or revoked, has ended, or whose maker left the hub: not
    told apart.
    """


class Reporter(NamedTuple):
    """Who gets a link, and the language in which they read it."""

    name: str
    email: str = ""
    language: str = "en"


@transaction.atomic
def make_link(
    indicators: Sequence[Indicator],
    period: Period,
    unit: Unit,
    *,
    reporter: Reporter,
    days: int,
    by: Member,
) -> tuple[ReportingLink, str]:
    """Make a link by which `reporter` reports once; return it and its address.

    The address is known here and in the mail only: the database keeps a hash. Raises
    `PermissionDenied` if `by` may not report on all of this themselves, `DomainError` if the
    period is locked, `ValidationError` if there is nothing to report or too much.
    """
    if not 1 <= len(indicators) <= MOST_INDICATORS or not 1 <= days <= MOST_DAYS:
        text = _("Choose 1 to %(indicators)d indicators and 1 to %(days)d days.")
        most = {"indicators": MOST_INDICATORS, "days": MOST_DAYS}
        raise ValidationError({"indicators": [text % most]})
    keys = [each.pk for each in indicators]
    allowed = Indicator.objects.reportable_by(by).filter(pk__in=keys)
    if allowed.count() != len(set(keys)):
        raise PermissionDenied
    for indicator in indicators:
        if not may_report(indicator.result.framework, unit, by):
            raise PermissionDenied
        refuse_period(indicator, period)
        refuse_locked(indicator, period)
    token = secrets.token_urlsafe(32)
    link = ReportingLink.objects.create(
        token_hash=_hashed(token),
        period=period,
        hub=unit.hub,
        exchange=unit.exchange,
        reporter_name=reporter.name,
        reporter_email=reporter.email,
        language=reporter.language,
        made_by=by,
        expires_at=timezone.now() + datetime.timedelta(days=days),
    )
    link.indicators.set(indicators)
    address = f"{settings.SITE_URL}{reverse('evaluation:report_by_link', args=[token])}"
    if reporter.email:
        _mail(link, unit, address)
    return link, address


def usable_link(token: str) -> ReportingLink:
    """Return the link of a token. Raises `LinkGone` if nothing can be reported by it now."""
    links = ReportingLink.objects.select_related("period__framework", "hub", "exchange__hub")
    return _usable(links.filter(token_hash=_hashed(token)).first())


def used_link(token: str) -> ReportingLink:
    """Return the link of a token by which somebody reported within the last hour. Raises
    `LinkGone` if there is none.
    """
    links = ReportingLink.objects.select_related("hub", "exchange")
    since = timezone.now() - THANKED_FOR
    found = links.filter(token_hash=_hashed(token), used_at__gt=since).first()
    if found is None:
        raise LinkGone(_GONE)
    return found


@transaction.atomic
def report_by_link(token: str, reports: Mapping[int, Stated], *, author_name: str) -> list[Update]:
    """Write what was reported by a link, by the key of the indicator, and send it for approval;
    the link is used up. All or nothing.

    A maker who had the link may have reported by it, and approves nothing of this. Of two at
    once one is written, the other is told `LinkGone`. Raises `DomainError` if the
    period is locked or somebody reports on the same already, `ValidationError` by
    `<indicator>-<column>` for what cannot be meant.
    """
    rows = ReportingLink.objects.select_for_update(no_key=True, of=("self",))
    found = rows.select_related("period__framework", "hub", "exchange__hub", "made_by")
    link = _usable(found.filter(token_hash=_hashed(token)).first())
    unit = Unit(link.hub, link.exchange)
    indicators = link.indicators.select_related("definition", "result__framework")
    # All before the period, as everybody who reports: else two would wait for one another.
    held = indicators.filter(pk__in=reports).select_for_update(no_key=True, of=("self",))
    chosen = list(held.order_by("pk"))
    if not chosen:
        raise DomainError(_("Report on at least one of the indicators."))
    updates = []
    for indicator in chosen:
        try:
            update = write_new(
                indicator,
                link.period,
                unit,
                stated=reports[indicator.pk],
                author=None,
                author_name=author_name.strip() or link.reporter_name,
            )
            submit_locked(update)
        except ValidationError as error:
            raise _named(error, indicator) from error
        if _is_known_to_maker(link):
            update.writers.add(link.made_by)
        record_update("update.reported", update, by=None)
        updates.append(update)
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    return updates


@transaction.atomic
def revoke_link(link: ReportingLink, *, by: Member) -> None:
    """End a link before its time. Raises `PermissionDenied` if `by` has no role in the hub or
    the link was used or revoked already.
    """
    current = ReportingLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    if not ReportingLink.objects.revocable_by(by).contains(current):
        raise PermissionDenied
    current.revoked_at = timezone.now()
    current.save(update_fields=["revoked_at"])


def _usable(link: ReportingLink | None) -> ReportingLink:
    is_over = link is None or link.used_at or link.revoked_at or link.expires_at <= timezone.now()
    if link is None or is_over or not ReportingLink.objects.in_force().contains(link):
        raise LinkGone(_GONE)
    return link


def _is_known_to_maker(link: ReportingLink) -> bool:
    """Return whether who made the link could open it: it was shown to them, or mailed to them."""
    mailed_to = link.reporter_email.casefold()
    return mailed_to in ("", link.made_by.email.casefold())


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _named(error: ValidationError, indicator: Indicator) -> ValidationError:
    if not hasattr(error, "error_dict"):
        return error
    return ValidationError(
        {f"{indicator.pk}-{name}": texts for name, texts in error.error_dict.items()}
    )


def _mail(link: ReportingLink, unit: Unit, address: str) -> None:
    with translation.override(link.language):
        words = {
            "name": link.reporter_name,
            "unit": str(unit.thing),
            "period": str(link.period),
            "address": address,
            "date": date_format(timezone.localdate(link.expires_at)),
        }
        subject = _("Figures of %(unit)s for %(period)s") % words
        body = (
            _(
                "%(name)s, you are asked for figures of %(unit)s for %(period)s. You need no "
                "account. The link works once, until %(date)s:\n\n%(address)s"
            )
            % words
        )
    key = f"reporting-link:{link.pk}"
    queue_mail(key=key, to=link.reporter_email, subject=subject, body=body)
