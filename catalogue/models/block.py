"""Building blocks: parts of experience that others can take up by themselves."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from catalogue.models.entry import Entry
from catalogue.querysets import BlockUseQuerySet, BuildingBlockQuerySet
from core import codes
from core.text import render_markdown


class BuildingBlock(models.Model):
    """A part of an experience that works by itself, with a page of its own.

    Several entries, also of several hubs, may have the same one.
    """

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(max_length=80, unique=True, editable=False)
    hub = models.ForeignKey(
        "hubs.Hub", models.PROTECT, related_name="building_blocks", verbose_name=_("hub")
    )
    language = models.CharField(_("language"), max_length=7, default="en")
    description = models.TextField(_("description"), max_length=20_000)
    entries = models.ManyToManyField(
        Entry,
        through="catalogue.BlockUse",
        related_name="building_blocks",
        verbose_name=_("entries"),
    )
    is_published = models.BooleanField(_("published"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = BuildingBlockQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("building block")
        verbose_name_plural = _("building blocks")
        indexes = [models.Index(fields=["updated_at", "id"], name="catalogue_block_updated")]
        constraints = [
            models.CheckConstraint(
                condition=Q(language__in=codes.LANGUAGES),
                name="catalogue_block_language_known",
                violation_error_message=_("Choose a language from the list."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalogue:block_detail", args=[self.slug])

    @property
    def description_html(self) -> SafeString:
        """The description, written in Markdown, as harmless HTML."""
        return render_markdown(self.description)


class BlockUse(models.Model):
    """A building block in an entry, at its place there."""

    block = models.ForeignKey(
        BuildingBlock, models.CASCADE, related_name="uses", verbose_name=_("building block")
    )
    entry = models.ForeignKey(
        Entry, models.CASCADE, related_name="block_uses", verbose_name=_("entry")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = BlockUseQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("use of a building block")
        verbose_name_plural = _("uses of building blocks")
        constraints = [
            models.UniqueConstraint(
                fields=["block", "entry"],
                name="catalogue_blockuse_once",
                violation_error_message=_("The entry has this building block already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.block)
