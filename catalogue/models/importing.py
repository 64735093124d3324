"""A table that a member imports: uploaded, checked, confirmed, carried out."""

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.querysets.imports import ImportQuerySet
from core.fields import choice_known
from core.owed import AT_WORK


class ImportState(models.TextChoices):
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    RUNNING = "running", _("Being imported")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Not imported")


class KnownRows(models.TextChoices):
    """What becomes of new rows that are there already."""

    UNDECIDED = "", _("Not decided")
    SKIP = "skip", _("Leave them out")
    ADD = "add", _("Import them all the same, as something else of that title")


class Import(models.Model):
    """One file on its way into the portal, or what became of it.

    The worker owes something for those that are being checked or imported; the row is the
    record of it. `report` holds counts (`new`, `known`, `changed`, `same`, `rejected`),
    `problems` as [row, column, text] in the member's language, `known_rows` as [row, title,
    address] of the first new rows that are there already, and `failure`, why nothing could be
    read.
    The file is removed once it is imported or cannot be read; of one that was given up it waits
    for another try.
    """

    State = ImportState

    member = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="imports",
        editable=False,
        verbose_name=_("imported by"),
    )
    hub = models.ForeignKey(
        "hubs.Hub", models.PROTECT, related_name="imports", verbose_name=_("hub")
    )
    kind = models.SlugField(_("what it holds"), max_length=30)  # of the register of kinds
    file = models.FileField(_("file"), upload_to="imports/", blank=True)
    file_name = models.CharField(_("name of the file"), max_length=200, editable=False)
    digest = models.CharField(max_length=64, editable=False)  # SHA-256, hexadecimal
    state = models.CharField(
        _("state"), max_length=8, choices=ImportState, default=ImportState.CHECKING, editable=False
    )
    known = models.CharField(
        _("rows that are there already"),
        max_length=4,
        choices=KnownRows,
        default=KnownRows.UNDECIDED,
        db_default=KnownRows.UNDECIDED,
        blank=True,
        editable=False,
    )
    rows = models.PositiveIntegerField(_("rows"), default=0, editable=False)
    report = models.JSONField(default=dict, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)  # of this step
    asked_at = models.DateTimeField(_("asked for"), editable=False)  # of this step
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True, editable=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            choice_known("catalogue_import", "state", ImportState),
            choice_known("catalogue_import", "known", KnownRows),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("catalogue:import_detail", args=[self.pk])

    @property
    def is_at_work(self) -> bool:
        """Whether the worker owes something for it."""
        return self.state in AT_WORK

    @property
    def known_count(self) -> int:
        """How many new rows are there already."""
        return int(self.report.get("known", 0))

    @property
    def is_left_with_some(self) -> bool:
        """Whether anything would be written without the rows that are there already."""
        return int(self.report["new"]) + int(self.report["changed"]) > 0

    @property
    def can_run(self) -> bool:
        """Whether it was checked, nothing is wrong, and there is something to do."""
        return (
            self.state == ImportState.CHECKED
            and not self.report["rejected"]
            and (self.is_left_with_some or self.known_count > 0)
        )
