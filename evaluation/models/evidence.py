"""What shows that a statement holds: documents, links, surveys, testimonies."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.fields import WebAddressField, choice_known
from evaluation.models.exchange import Exchange
from evaluation.querysets import EvidenceQuerySet


class EvidenceKind(models.TextChoices):
    DOCUMENT = "document", _("Document")
    LINK = "link", _("Page on the web")
    SURVEY = "survey", _("Survey")
    TESTIMONY = "testimony", _("Testimony")


class Proves(models.TextChoices):
    """What a piece of evidence is; each supports one rung only (evaluation.md, The rungs)."""

    ATTENDANCE = "attendance", _("Attendance list")
    CONTACT = "contact", _("Contact log")
    VERSION = "version", _("Version of the practice")
    TRANSLATION = "translation", _("Translation")
    ADAPTATION = "adaptation", _("Adaptation note")
    TEST = "test", _("Test of what was understood")
    LAW = "law", _("Law or regulation")
    MANUAL = "manual", _("Manual or procedure")
    BUDGET = "budget", _("Budget")
    BEFORE_AFTER = "before-after", _("Figures before and after")
    THIRD_PARTY = "third-party", _("Statement of a third party")
    EVALUATION = "evaluation", _("Independent evaluation")
    OTHER = "other", _("Other evidence")


class Evidence(models.Model):
    """One document, link, survey or testimony about an exchange or an update.

    Of confidential evidence nobody but the people of the exchange's or reporter's hubs sees
    anything, not even that it is there. It is withdrawn with a reason, never deleted.
    """

    Kind = EvidenceKind
    Proves = Proves

    exchange = models.ForeignKey(
        Exchange,
        models.CASCADE,
        related_name="evidence",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("exchange"),
    )
    update = models.ForeignKey(
        "evaluation.Update",
        models.CASCADE,
        related_name="evidence",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("update"),
    )
    kind = models.CharField(_("kind"), max_length=9, choices=EvidenceKind)
    proves = models.CharField(_("what it is"), max_length=12, choices=Proves, default=Proves.OTHER)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("what it says"), max_length=4_000, blank=True)
    address = WebAddressField(_("address"), max_length=1_000, blank=True)
    file = models.FileField(_("file"), upload_to="evidence/", blank=True, editable=False)
    file_name = models.CharField(max_length=200, blank=True, editable=False)
    content_type = models.CharField(max_length=100, blank=True, editable=False)
    bytes = models.PositiveIntegerField(null=True, blank=True, editable=False)
    dated_on = models.DateField(_("date"), null=True, blank=True)
    is_confidential = models.BooleanField(_("confidential"), default=False)
    added_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="evidence_added",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added"), db_default=Now(), editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="evidence_withdrawn",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("withdrawn by"),
    )
    withdrawn_reason = models.CharField(_("why withdrawn"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = EvidenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            choice_known("evaluation_evidence", "kind", EvidenceKind),
            choice_known("evaluation_evidence", "proves", Proves),
            models.CheckConstraint(
                condition=Q(exchange=None, update__isnull=False)
                | Q(exchange__isnull=False, update=None),
                name="evaluation_evidence_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="evaluation_evidence_withdrawn_with_reason",
                violation_error_message=_("Say why it is withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evaluation:evidence_file", args=[self.pk])
