"""Which side's answer is awaited, and who is told and reminded of it: politely, and each once."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy

from evaluation.facts import with_facts
from evaluation.models import Exchange, ExchangeStatus
from evaluation.services.following import deciding_people, tell
from evaluation.standing import newest_confirmations, standing_of

if TYPE_CHECKING:
    from accounts.models import Member
    from evaluation.models import Confirmation, Party
    from evaluation.standing import Standing

REMIND_EVERY = datetime.timedelta(days=14)  # without a change of the exchange
MOST = 3  # reminders of one round
_AT_ONCE = 100  # exchanges read together


def tell_awaited(exchange: Exchange, standing: Standing, *, by: Member | None) -> None:
    """Tell the people of each side whose answer is to come, but `by`; once until that side
    answers. Call it in the transaction of what changed.
    """
    if not exchange.is_published or exchange.status == ExchangeStatus.CANCELLED:
        return
    waiting = standing.awaited()
    if not waiting:
        return
    last = _last_answers(newest_confirmations([exchange]))
    for party in waiting:
        tell(
            deciding_people(party.hub),  # type: ignore[arg-type]  # `standing` has hubs only
            key=f"awaited:{party.pk}:{last.get(party.pk, 0)}",
            subject=gettext_lazy("To confirm: %(title)s"),
            body=gettext_lazy(
                "“%(title)s” names %(party)s. Please say of each fact whether it is so: what both "
                "sides confirm counts in the totals.\n\n%(address)s"
            ),
            by=by,
            title=exchange,
            party=party,
            path=exchange.get_absolute_url(),
        )


def remind_of_confirmations(now: datetime.datetime) -> int:
    """Owe a mail to the people of each side whose answer is awaited since `REMIND_EVERY`, at most
    `MOST` times until that side answers; return of how many sides.

    A reminder has a number by the time that went by, and with it a key: run twice, or after days
    without a scheduler, it is owed once. Of starter content nobody is reminded.
    """
    waiting = Exchange.objects.published().filter(
        is_confirmed=False, is_starter=False, updated_at__lte=now - REMIND_EVERY
    )
    waiting = waiting.exclude(status=ExchangeStatus.CANCELLED)
    return sum(_remind(*each, now) for each in _awaited(waiting))


def _awaited(exchanges: Any) -> Iterator[tuple[Exchange, Party, int]]:
    """Give each exchange with a party whose answer is to come, and that party's last answer."""
    keys = list(exchanges.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), _AT_ONCE):
        some = Exchange.objects.filter(pk__in=keys[start : start + _AT_ONCE])
        rows = list(with_facts(some.order_by("pk")))
        confirmations = newest_confirmations(rows)
        last = _last_answers(confirmations)
        for exchange in rows:
            for party in standing_of(exchange, confirmations).awaited():
                yield exchange, party, last.get(party.pk, 0)


def _remind(exchange: Exchange, party: Party, last: int, now: datetime.datetime) -> int:
    number = min((now - exchange.updated_at) // REMIND_EVERY, MOST)
    tell(
        deciding_people(party.hub),  # type: ignore[arg-type]  # `standing` has hubs only
        key=f"awaited:{party.pk}:{last}:{number}",
        subject=gettext_lazy("Still to confirm: %(title)s"),
        body=gettext_lazy("“%(title)s” waits for what %(party)s says of it.\n\n%(address)s"),
        title=exchange,
        party=party,
        path=exchange.get_absolute_url(),
    )
    return 1


def _last_answers(confirmations: Iterable[Confirmation]) -> dict[int, int]:
    """Return by party the number of its last answer, with which a round of mails begins."""
    last: dict[int, int] = {}
    for row in confirmations:
        last[row.party_id] = max(row.pk, last.get(row.party_id, 0))
    return last
