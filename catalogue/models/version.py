"""Each published text of an entry, for good."""

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.querysets import EntryVersionQuerySet


class EntryVersion(models.Model):
    """What an entry said when it was published: an address that never changes its text.

    The database refuses UPDATE and DELETE. `content` holds what the page shows, as
    `catalogue.services.content_of` writes it.
    """

    entry = models.ForeignKey(
        "catalogue.Entry", models.PROTECT, related_name="versions", verbose_name=_("entry")
    )
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    published_at = models.DateTimeField(_("published"), db_default=Now(), editable=False)
    published_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="published_versions",
        null=True,
        blank=True,
        verbose_name=_("published by"),
        help_text=_("Empty: the portal itself, with its starter content."),
    )

    objects = EntryVersionQuerySet.as_manager()

    class Meta:
        ordering = ["entry", "number"]
        verbose_name = _("version of an entry")
        verbose_name_plural = _("versions of entries")
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "number"], name="catalogue_entryversion_number"
            ),
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="catalogue_entryversion_from_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}, {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("catalogue:entry_version", args=[self.entry.slug, self.number])
