"""The vocabulary of tags: what entries are about, in words that their authors chose."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from catalogue.querysets.tags import TagQuerySet, folded
from core import codes

MOST_TAGS = 10  # of an entry; more would say nothing
MOST_OF_NAME = 50  # characters; its name in addresses has room for a number


class Tag(models.Model):
    """A word by which entries are found, with its names in other languages.

    Entries hold its slug, which never changes. A tag merged into another one stays, as an alias:
    versions and addresses that name it lead to the tag it became. The database keeps aliases
    one step long (migration 0021): what others were merged into is merged itself only together
    with them.
    """

    slug = models.SlugField(max_length=60, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=MOST_OF_NAME)
    language = models.CharField(_("language"), max_length=7, default="en")
    names = models.JSONField(_("names in other languages"), default=dict, blank=True)
    # What it is known as: `folded` names in all languages, and the name in addresses.
    keys = ArrayField(models.TextField(), default=list, editable=False)
    is_listed = models.BooleanField(
        _("in the vocabulary for good"),
        default=False,
        editable=False,
        help_text=_("Otherwise only whoever may see an entry with it sees it."),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="aliases",
        null=True,
        editable=False,
        verbose_name=_("merged into"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = TagQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        indexes = [
            GinIndex(fields=["keys"], name="catalogue_tag_keys"),
            models.Index(fields=["updated_at", "id"], name="catalogue_tag_updated"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(language__in=codes.LANGUAGES),
                name="catalogue_tag_language_known",
                violation_error_message=_("Choose a language from the list."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                name="catalogue_tag_not_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('catalogue:entry_list')}?tag={self.slug}"

    @property
    def label(self) -> str:
        """Its name in the reader's language, where it has one."""
        language = (get_language() or "en").partition("-")[0]
        name: str = self.names.get(language) or self.name
        return name

    def own_keys(self) -> list[str]:
        """Return what it is known as, from its names."""
        names = (self.slug, self.name, *self.names.values())
        return list(dict.fromkeys(key for key in map(folded, names) if key))
