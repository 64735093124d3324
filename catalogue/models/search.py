"""What is searched: one narrow row for each thing that can be found."""

from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalogue.querysets import SearchRowQuerySet
from core.fields import choice_known


class SearchKind(models.TextChoices):
    ENTRY = "entry", _("Experience")


class SearchRow(models.Model):
    """The words of one published thing, by which it is found.

    Written in the transaction that publishes the thing, so search sees it at once. The vectors
    hold each word as it is written and by the stem of the row's language; `body_vector` also
    those of the title, for the words of a query may stand in both.
    """

    Kind = SearchKind

    kind = models.CharField(_("kind"), max_length=10, choices=SearchKind, editable=False)
    object_pk = models.BigIntegerField(editable=False)
    hub = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="search_rows",
        editable=False,
        verbose_name=_("hub"),
    )
    title = models.CharField(_("title"), max_length=200, editable=False)
    published_at = models.DateTimeField(_("published"), editable=False)
    title_vector = SearchVectorField(editable=False)
    body_vector = SearchVectorField(editable=False)

    objects = SearchRowQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("row of the search")
        verbose_name_plural = _("rows of the search")
        indexes = [
            GinIndex(fields=["title_vector"], name="catalogue_searchrow_title"),
            GinIndex(fields=["body_vector"], name="catalogue_searchrow_body"),
            GistIndex(
                name="catalogue_searchrow_like", fields=["title"], opclasses=["gist_trgm_ops"]
            ),
        ]
        constraints = [
            choice_known("catalogue_searchrow", "kind", SearchKind),
            models.UniqueConstraint(
                fields=["kind", "object_pk"], name="catalogue_searchrow_one_each"
            ),
        ]

    def __str__(self) -> str:
        return self.title
