"""Files and pictures that belong to an entry."""

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.querysets import AttachmentQuerySet, EntryPartQuerySet


class Attachment(models.Model):
    """A file that was added to a draft; it never changes. Contents name it by its key.

    It is readable by those who work on the draft, and by everybody as soon as a version that
    names it is published: `shown_in` says so, also for earlier versions.
    """

    draft = models.ForeignKey(
        "catalogue.Draft", models.PROTECT, related_name="attachments", verbose_name=_("draft")
    )
    file = models.FileField(_("file"), upload_to="attachments/", editable=False)
    name = models.CharField(_("name"), max_length=200, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    bytes = models.PositiveIntegerField(editable=False)
    added_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="attachments",
        editable=False,
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added"), db_default=Now(), editable=False)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalogue:attachment", args=[self.pk])

    @property
    def is_picture(self) -> bool:
        """Whether it is shown, and not only given out to be saved."""
        return self.content_type.startswith("image/")


class EntryAttachment(models.Model):
    """An attachment that a published version of an entry names."""

    entry = models.ForeignKey(
        "catalogue.Entry", models.CASCADE, related_name="attached", verbose_name=_("entry")
    )
    attachment = models.ForeignKey(
        Attachment, models.PROTECT, related_name="shown_in", verbose_name=_("attachment")
    )
    caption = models.CharField(_("caption"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_current = models.BooleanField(_("in the newest version"), default=True)

    objects = EntryPartQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("attachment of an entry")
        verbose_name_plural = _("attachments of entries")
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "attachment"], name="catalogue_entryattachment_once"
            )
        ]

    def __str__(self) -> str:
        return self.caption or str(self.attachment)
