"""What every dated and sourced fact about a hub has in common."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.dates import Precision, format_partial_date, partial_isoformat, today
from core.fields import choice_known
from hubs.querysets import FactQuerySet


class DatedFact(models.Model):
    """One fact about one hub, with the time in which it held and the sources that say so.

    A start known only to the year is kept as its first day, an end as its last, with the
    precision beside it. `version` guards against lost updates. Editors of the hub change
    facts through `hubs.services`.
    """

    hub = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="%(class)ss",
        related_query_name="%(class)s",
        verbose_name=_("hub"),
    )
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_from_precision = models.CharField(
        max_length=5, choices=Precision, default=Precision.DAY, editable=False
    )
    valid_to = models.DateField(_("until"), null=True, blank=True)
    valid_to_precision = models.CharField(
        max_length=5, choices=Precision, default=Precision.DAY, editable=False
    )
    stated_on = models.DateField(
        _("stated on"),
        null=True,
        blank=True,
        help_text=_("The date of the source that says so."),
    )
    stated_on_precision = models.CharField(
        max_length=5, choices=Precision, default=Precision.DAY, editable=False
    )
    recorded_on = models.DateField(_("recorded on"), default=today, editable=False)
    # The day from which the fact counts as known; start unknown: when it was stated.
    known_from = models.GeneratedField(
        expression=Coalesce("valid_from", "stated_on", "recorded_on"),
        output_field=models.DateField(),
        db_persist=True,
    )
    note = models.TextField(_("note"), max_length=1_000, blank=True)
    sources = models.ManyToManyField(
        "hubs.Source",
        related_name="%(class)ss",
        related_query_name="%(class)s",
        blank=True,
        verbose_name=_("sources"),
    )
    is_published = models.BooleanField(_("published"), default=True)
    is_starter = models.BooleanField(
        _("starter content"), default=False, editable=False
    )  # as the portal brought it; nobody has edited it
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = FactQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[sources], inherit=True, excluded_fields=["known_from"])

    class Meta:
        abstract = True
        ordering = ["pk"]

    @classmethod
    def fact_constraints(cls, app_model: str) -> list[models.BaseConstraint]:
        """Return what is true of every kind of fact, under the names of `app_model`."""
        return [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name=f"{app_model}_ends_after_start",
                violation_error_message=_("The end must not be before the start."),
            ),
            choice_known(app_model, "valid_from_precision", Precision),
            choice_known(app_model, "valid_to_precision", Precision),
            choice_known(app_model, "stated_on_precision", Precision),
        ]

    @property
    def period_text(self) -> str:
        """From when to when the fact held, in the reader's language; "" if neither is known."""
        start = format_partial_date(self.valid_from, self.valid_from_precision)
        end = format_partial_date(self.valid_to, self.valid_to_precision)
        if start and end:
            return (
                start if start == end else _("%(start)s to %(end)s") % {"start": start, "end": end}
            )
        if start:
            return _("since %(start)s") % {"start": start}
        return _("until %(end)s") % {"end": end} if end else ""

    @property
    def stated_text(self) -> str:
        """When a source stated the fact, in the reader's language; "" if unknown."""
        return format_partial_date(self.stated_on, self.stated_on_precision)

    @property
    def valid_from_iso(self) -> str | None:
        return partial_isoformat(self.valid_from, self.valid_from_precision)

    @property
    def valid_to_iso(self) -> str | None:
        return partial_isoformat(self.valid_to, self.valid_to_precision)

    @property
    def stated_on_iso(self) -> str | None:
        return partial_isoformat(self.stated_on, self.stated_on_precision)
