"""Terms of service and privacy notice: versioned texts, and who accepted which."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.querysets import AcceptanceQuerySet, LegalTextQuerySet
from core.fields import choice_known


class LegalTextKind(models.TextChoices):
    TERMS = "terms", _("Terms of service")
    PRIVACY = "privacy", _("Privacy notice")


class LegalText(models.Model):
    """One version of the terms or of the privacy notice, in Markdown.

    A published version never changes: a new text is a new version, which members are asked
    to accept.
    """

    Kind = LegalTextKind

    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    version = models.PositiveSmallIntegerField(_("version"))
    body = models.TextField(_("text"), max_length=50_000)
    summary_of_changes = models.TextField(_("what changed"), max_length=2_000, blank=True)
    is_published = models.BooleanField(_("published"), default=False)
    effective_on = models.DateField(_("in force from"))

    objects = LegalTextQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-version"]
        verbose_name = _("legal text")
        verbose_name_plural = _("legal texts")
        constraints = [
            choice_known("accounts_legaltext", "kind", LegalTextKind),
            models.UniqueConstraint(
                fields=["kind", "version"], name="accounts_legaltext_version_once"
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="accounts_legaltext_version_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:legal_version", args=[self.kind, self.version])


class Acceptance(models.Model):
    """A member's acceptance of one version of a text."""

    member = models.ForeignKey("accounts.Member", models.CASCADE, related_name="acceptances")
    text = models.ForeignKey(LegalText, models.PROTECT, related_name="acceptances")
    at = models.DateTimeField(_("at"), db_default=Now(), editable=False)

    objects = AcceptanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")
        constraints = [
            models.UniqueConstraint(fields=["member", "text"], name="accounts_acceptance_once")
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.text}"
