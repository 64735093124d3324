"""Which adoptions there are for whom, who writes and who decides on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from accounts.querysets import is_moderator
from catalogue.querysets.blocks import block_seen_by
from catalogue.querysets.entries import entry_seen_by
from hubs.querysets import (
    ANY_ROLE,
    EVERYBODY,
    NOBODY,
    holding_words,
    holds_role,
    may_edit,
)

if TYPE_CHECKING:
    from hubs.querysets import User


_LONG = [
    f"{entry}__{column}"
    for entry in ("entry", "resulting_entry")
    for column in ("challenge", "what_was_done", "lessons", "note", "contested_statement")
] + ["block__description"]


class AdoptionQuerySet(QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """Adoptions of what the user may see, by bodies that the user may see."""
        # Joins, not subqueries: of a large catalogue only what was adopted is read.
        of_what = entry_seen_by(user, "entry__") | block_seen_by(user, "block__")
        return self.filter(of_what, self._adopter_seen_by(user))

    def between_entries(self, user: User) -> Self:
        """Those of which the user may see the adoption, the entry, and what came of it."""
        return self.filter(
            self._adopter_seen_by(user),
            entry_seen_by(user, "entry__"),
            entry_seen_by(user, "resulting_entry__"),
        )

    @staticmethod
    def _adopter_seen_by(user: User) -> Q:
        if is_moderator(user):
            return Q(EVERYBODY)
        shown = Q(hub=None) | Q(hub__is_published=True)
        return shown | Q(holds_role(user, ANY_ROLE))

    def editable_by(self, user: User) -> Self:
        """What the adopting hub's editors and heads may change or take back; of an
        organisation, who stated it; any, for moderators.
        """
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        own = Q(hub=None, claimed_by=user.pk)
        return self.visible_to(user).filter(Q(may_edit(user)) | own)

    def removed_before(self, user: User) -> QuerySet[Any]:
        """Return what the history kept of adoptions that are gone and that the user stated, or
        whose adopting hub they edit.
        """
        gone: QuerySet[Any] = apps.get_model("catalogue", "HistoricalAdoption").objects.filter(
            history_type="-"
        )
        if not user.is_authenticated:
            return gone.none()
        return gone.filter(Q(claimed_by=user.pk) | Q(may_edit(user)))

    def decidable_by(self, user: User) -> Self:
        """What the originator's editors and heads, and moderators, may confirm or reject:
        never those who stated or wrote any of it, nor anybody of the adopting hub.
        """
        if not user.is_authenticated or not user.takes_part:
            return self.none()
        originator = Q(may_edit(user, "entry__hub")) | Q(may_edit(user, "block__hub"))
        return (
            self.visible_to(user)
            .filter(originator)
            .exclude(claimed_by=user.pk)
            .exclude(_wrote_of_it(user))
            .exclude(holds_role(user, ANY_ROLE))
        )

    def awaiting(self) -> Self:
        """Those on which nobody has decided yet."""
        return self.filter(state="claimed")

    def awaiting_decision_of(self, user: User) -> Self:
        """Those that wait for the user."""
        return self.decidable_by(user).awaiting()

    def tally(self) -> dict[str, int]:
        """Return how many there are: `confirmed`, `claimed`, and of all these `failed`."""
        return self.aggregate(
            confirmed=Count("pk", filter=Q(state="confirmed")),
            claimed=Count("pk", filter=Q(state="claimed")),
            failed=Count("pk", filter=Q(outcome="failed")),
        )

    def matching(self, text: str) -> Self:
        """Adoptions with every word of `text` in what was adopted, or in the adopter's name."""
        columns = (
            "entry__title",
            "block__title",
            "hub__name",
            "hub__acronym",
            "organisation__name",
        )
        return self.filter(holding_words(text, *columns))

    def with_result(self, user: User) -> Self:
        """Annotate `shows_result`: whether the user may see the entry that came of it; and
        `result_slug`, its name in addresses, None where not.
        """
        results = apps.get_model("catalogue", "Entry").objects.visible_to(user)
        results = results.filter(pk=OuterRef("resulting_entry"))
        return self.annotate(
            shows_result=Exists(results), result_slug=Subquery(results.values("slug"))
        )

    def for_list(self, user: User) -> Self:
        """Fetch what a line shows, in one query."""
        related = ("entry__hub", "block__hub", "hub", "organisation", "resulting_entry")
        return self.select_related(*related).defer(*_LONG).with_result(user)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


def _wrote_of_it(user: User) -> Exists | Q:
    """Return the condition "`user` wrote some of the claim": any of its states but those of
    a confirmation, which the confirming write.
    """
    if user.pk is None:
        return NOBODY
    written = apps.get_model("catalogue", "HistoricalAdoption").objects.filter(
        id=OuterRef("pk"), history_user=user.pk, state="claimed"
    )
    return Exists(written)
