"""Published entries in other languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from catalogue.querysets import TranslationQuerySet
from core import codes
from core.fields import choice_known


class TranslationState(models.TextChoices):
    MACHINE = "machine", _("Machine translation")
    HUMAN = "human", _("Translated by a person")
    REVIEWED = "reviewed", _("Translated and reviewed")


@dataclass(frozen=True, slots=True)
class Told:
    """What a list says of an entry to a reader; `mark` says how the title was translated, and is
    empty where it is the original's.
    """

    title: str
    language: str
    summary: str
    summary_language: str
    mark: str = ""

    @classmethod
    def of(cls, entry: Any, translated: dict[str, Any] | None) -> Told:
        """Return what `entry` says, from the row of `in_language` where there is one."""
        row = translated or {}
        mark = str(TranslationState(row["state"]).label) if row.get("title") else ""
        if mark and row["is_stale"]:
            mark = gettext("%(state)s; the original has changed since") % {"state": mark}
        return cls(
            title=row.get("title") or entry.title,
            language=row["language"] if row.get("title") else entry.language,
            summary=row.get("summary") or entry.summary,
            summary_language=row["language"] if row.get("summary") else entry.language,
            mark=mark,
        )


class Translation(models.Model):
    """What a published entry says, in another language.

    `texts` holds the columns `catalogue.content.TRANSLATED` by name; `results`: the statements
    of the result rows of version `from_version`, in their order; `captions`: those of
    attachments, by key.
    """

    State = TranslationState

    entry = models.ForeignKey(
        "catalogue.Entry", models.PROTECT, related_name="translations", verbose_name=_("entry")
    )
    language = models.CharField(_("language"), max_length=7)
    state = models.CharField(_("state"), max_length=8, choices=TranslationState)
    from_version = models.PositiveIntegerField(_("made from version"), editable=False)
    texts = models.JSONField(_("texts"), default=dict, editable=False)
    translated_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="translations",
        editable=False,
        verbose_name=_("translated by"),
    )
    reviewed_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="translations_reviewed",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("reviewed by"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = TranslationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["entry", "language"]
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [
            choice_known("catalogue_translation", "state", TranslationState),
            models.UniqueConstraint(
                fields=["entry", "language"],
                name="catalogue_translation_language_once",
                violation_error_message=_("There is a translation into this language already."),
            ),
            models.CheckConstraint(
                condition=Q(language__in=codes.LANGUAGES),
                name="catalogue_translation_language_known",
                violation_error_message=_("Choose a language from the list."),
            ),
            models.CheckConstraint(
                condition=Q(from_version__gte=1), name="catalogue_translation_of_a_version"
            ),
            models.CheckConstraint(
                condition=~Q(state=TranslationState.REVIEWED) | Q(reviewed_by__isnull=False),
                name="catalogue_translation_reviewed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.texts.get('title', '')} ({self.language})"
