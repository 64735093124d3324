"""What was reported on an indicator, by whom, and who approved it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.fields import choice_known
from core.owed import AT_WORK
from evaluation.models.framework import Indicator, Period, number_field
from evaluation.models.indicator import Cell
from evaluation.querysets import ReportingLinkQuerySet, UpdateQuerySet, UploadQuerySet


class UpdateState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for approval")
    RETURNED = "returned", _("Returned with a note")
    APPROVED = "approved", _("Approved")
    SUPERSEDED = "superseded", _("Superseded by a later one")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class NotAvailable(models.TextChoices):
    """Why there is no figure; never the same as zero."""

    NOT_COLLECTED = "not-collected", _("Not collected")
    NOT_YET = "not-yet", _("Not available yet")
    NOT_APPLICABLE = "not-applicable", _("Does not apply")
    CONFIDENTIAL = "confidential", _("Cannot be told")


class Update(models.Model):
    """One figure for one indicator, period and reporting unit (a hub or an exchange).

    Life cycle: draft -> submitted -> approved | returned -> submitted. Approved ones are never
    edited: a revision is a new row that supersedes (rule 2), from its approval on. `approver`
    is never `author`. NULL means not reported, 0 a reported zero.
    """

    State = UpdateState
    NotAvailable = NotAvailable

    NEXT = {
        UpdateState.DRAFT: {UpdateState.SUBMITTED, UpdateState.WITHDRAWN},
        UpdateState.SUBMITTED: {UpdateState.APPROVED, UpdateState.RETURNED, UpdateState.DRAFT},
        UpdateState.RETURNED: {UpdateState.SUBMITTED, UpdateState.WITHDRAWN},
        UpdateState.APPROVED: {UpdateState.SUPERSEDED, UpdateState.WITHDRAWN},
        UpdateState.SUPERSEDED: set[UpdateState](),
        UpdateState.WITHDRAWN: set[UpdateState](),
    }

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="updates", verbose_name=_("indicator")
    )
    period = models.ForeignKey(
        Period, models.PROTECT, related_name="updates", verbose_name=_("period")
    )
    hub = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="updates",
        null=True,
        blank=True,
        verbose_name=_("reporting hub"),
    )
    exchange = models.ForeignKey(
        "evaluation.Exchange",
        models.PROTECT,
        related_name="updates",
        null=True,
        blank=True,
        verbose_name=_("reporting exchange"),
    )
    source_name = models.CharField(
        _("source of the figure"),
        max_length=120,
        blank=True,
        help_text=_("Only where one unit reports from several sources."),
    )
    is_additive = models.BooleanField(_("adds to the unit's other sources"), default=False)
    value = number_field(_("value"))
    numerator = number_field(_("numerator"))
    denominator = number_field(_("denominator"))
    score = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    distinct_people = models.PositiveIntegerField(_("different people"), null=True, blank=True)
    narrative = models.TextField(_("in words"), max_length=8_000, blank=True)
    not_available = models.CharField(
        _("why there is no figure"), max_length=14, choices=NotAvailable, blank=True
    )
    comment = models.TextField(_("comment"), max_length=2_000, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=UpdateState, default=UpdateState.DRAFT
    )
    author = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="updates_written",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("written by"),
    )
    writers = models.ManyToManyField(
        "accounts.Member",
        related_name="updates_worked_on",
        blank=True,
        editable=False,
        verbose_name=_("everybody who wrote of it"),
    )
    author_name = models.CharField(
        _("name of a reporter without account"), max_length=120, blank=True, editable=False
    )
    approver = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="updates_approved",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("approved by"),
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True, editable=False)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(
        _("superseded or withdrawn"), null=True, blank=True, editable=False
    )
    return_note = models.TextField(_("note of the return"), max_length=2_000, blank=True)
    withdrawn_reason = models.CharField(_("why withdrawn"), max_length=500, blank=True)
    supersedes = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="revisions",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("supersedes"),
    )
    sources = models.ManyToManyField(
        "hubs.Source", related_name="updates", blank=True, verbose_name=_("sources")
    )
    is_starter = models.BooleanField(_("starter content"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = UpdateQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        indexes = [
            models.Index(
                fields=["indicator", "period", "hub", "exchange", "state"],
                name="evaluation_update_series",
            ),
            models.Index(fields=["updated_at", "id"], name="evaluation_update_updated"),
            models.Index(
                fields=["state", "submitted_at"],
                condition=Q(state__in=["submitted", "returned"]),
                name="evaluation_update_waiting",
            ),
        ]
        constraints = [
            choice_known("evaluation_update", "state", UpdateState),
            models.CheckConstraint(
                condition=Q(not_available__in=["", *NotAvailable.values]),
                name="evaluation_update_not_available_known",
            ),
            models.CheckConstraint(
                condition=Q(hub=None, exchange__isnull=False) | Q(hub__isnull=False, exchange=None),
                name="evaluation_update_by_one_unit",
            ),
            models.CheckConstraint(
                condition=Q(approver=None) | Q(author=None) | ~Q(approver=F("author")),
                name="evaluation_update_not_self_approved",
                violation_error_message=_("Nobody approves what they wrote."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "superseded"]) | Q(approved_at__isnull=False),
                name="evaluation_update_approved_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approver__isnull=False) | Q(is_starter=True),
                name="evaluation_update_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_note=""),
                name="evaluation_update_returned_with_note",
                violation_error_message=_("Say what has to change."),
            ),
            # Rule 2: one approved figure a series, however many approve at once.
            models.UniqueConstraint(
                fields=["indicator", "period", "hub", "exchange", "source_name"],
                condition=Q(state="approved"),
                nulls_distinct=False,
                name="evaluation_update_approved_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("evaluation:update_detail", args=[self.pk])


class UpdateCell(models.Model):
    """The part of an update that falls into one cell of a dimension."""

    update = models.ForeignKey(
        Update, models.CASCADE, related_name="cells", verbose_name=_("update")
    )
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="updates", verbose_name=_("part"))
    value = number_field(_("value"))
    numerator = number_field(_("numerator"))
    denominator = number_field(_("denominator"))

    class Meta:
        ordering = ["update", "cell"]
        verbose_name = _("part of an update")
        verbose_name_plural = _("parts of updates")
        constraints = [
            models.UniqueConstraint(fields=["update", "cell"], name="evaluation_updatecell_once")
        ]

    def __str__(self) -> str:
        return f"{self.cell}: {self.value}"


class ReportingLink(models.Model):
    """A link by which somebody without an account reports once on a few indicators.

    The token is kept as a hash; it is used up by the first report and ends at `expires_at`.
    """

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    period = models.ForeignKey(
        Period, models.CASCADE, related_name="links", verbose_name=_("period")
    )
    indicators = models.ManyToManyField(
        Indicator, related_name="links", verbose_name=_("indicators")
    )
    hub = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="reporting_links",
        null=True,
        blank=True,
        verbose_name=_("reporting hub"),
    )
    exchange = models.ForeignKey(
        "evaluation.Exchange",
        models.PROTECT,
        related_name="reporting_links",
        null=True,
        blank=True,
        verbose_name=_("reporting exchange"),
    )
    reporter_name = models.CharField(_("name of the reporter"), max_length=120)
    reporter_email = models.EmailField(_("address of the reporter"), blank=True)
    language = models.CharField(_("language"), max_length=7, default="en")
    made_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="reporting_links",
        editable=False,
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("ends"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    objects = ReportingLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("reporting link")
        verbose_name_plural = _("reporting links")
        constraints = [
            models.CheckConstraint(
                condition=Q(hub=None, exchange__isnull=False) | Q(hub__isnull=False, exchange=None),
                name="evaluation_reportinglink_for_one_unit",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reporter_name}, {self.period}"


class UploadState(models.TextChoices):
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    RUNNING = "running", _("Being taken")
    DONE = "done", _("Taken")
    FAILED = "failed", _("Not taken")


def empty_upload_report() -> dict[str, object]:
    """Return the report on a table of which nothing is known."""
    return {"rows": 0, "new": 0, "same": 0, "problems": [], "problem_count": 0, "failure": ""}


class UpdateUpload(models.Model):
    """A table of figures: checked, confirmed by its member, taken.

    `rows` holds [number, cells by column] as they were read; nothing of it is written before it
    is taken, and then it is empty. The worker owes something for those that are being checked or
    taken. `report` holds counts (`rows`, `new`, `same`, `problem_count`), the first `problems` as
    [row, column, text] in the member's language, and `failure`, why it was given up.
    """

    State = UploadState

    member = models.ForeignKey(
        "accounts.Member", models.CASCADE, related_name="update_uploads", editable=False
    )
    framework = models.ForeignKey(
        "evaluation.Framework", models.CASCADE, related_name="uploads", editable=False
    )
    rows = models.JSONField(default=list, editable=False)
    language = models.CharField(max_length=7, default="en", editable=False)
    is_sent = models.BooleanField(_("send all for approval"), default=False)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=UploadState,
        default=UploadState.CHECKING,
        db_default=UploadState.CHECKING,
        editable=False,
    )
    report = models.JSONField(
        default=empty_upload_report,
        db_default=Value(empty_upload_report(), models.JSONField()),
        editable=False,
    )
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    asked_at = models.DateTimeField(_("asked for"), db_default=Now(), editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    done_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("upload of figures")
        verbose_name_plural = _("uploads of figures")
        constraints = [choice_known("evaluation_updateupload", "state", UploadState)]

    def __str__(self) -> str:
        return f"{self.framework}, {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("evaluation:upload_detail", args=[self.pk])

    @property
    def is_at_work(self) -> bool:
        """Whether the worker owes something for it."""
        return self.state in AT_WORK
