"""What is searched: one narrow row for each thing that can be found, and how many there are."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from catalogue.querysets import SearchCountQuerySet, SearchRowQuerySet, SearchWordQuerySet
from core.fields import choice_known

SAMPLE = 8  # one row of so many is in the sample that very large numbers are counted in
IN_SAMPLE = Case(
    When(
        Exact(
            Func(
                Func(F("object_pk"), function="hashint8", output_field=models.IntegerField()),
                Value(SAMPLE),
                function="mod",
                output_field=models.IntegerField(),
            ),
            0,
        ),
        then=Value(True),
    ),
    default=Value(False),
)


class SearchAudience(models.TextChoices):
    PUBLIC = "public", _("Everybody")
    MEMBERS = "members", _("Members")


class SearchRow(models.Model):
    """The words and codes of one published thing, by which it is found.

    Written in the transaction that publishes the thing (`catalogue.services.index_rows`), so
    search sees it at once. The vectors hold each word as it is written and by the stem of the
    row's language; `body_vector` also those of the title, for the words of a query may stand in
    both. `codes` holds every value that facets count and filters ask for, as "facet:value".
    """

    Audience = SearchAudience

    kind = models.CharField(_("kind"), max_length=20, editable=False)  # catalogue.searchable
    object_pk = models.BigIntegerField(editable=False)
    hub = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="search_rows",
        null=True,
        editable=False,
        verbose_name=_("hub"),
    )
    audience = models.CharField(
        _("audience"),
        max_length=10,
        choices=SearchAudience,
        default=SearchAudience.PUBLIC,
        db_default=SearchAudience.PUBLIC,
        editable=False,
    )
    title = models.CharField(_("title"), max_length=200, editable=False)
    language = models.CharField(
        _("language"), max_length=7, default="en", db_default="en", editable=False
    )
    published_at = models.DateTimeField(_("published"), editable=False)
    sort_title = models.CharField(
        max_length=400, default="", db_default="", editable=False
    )  # small, without accents
    year = models.PositiveSmallIntegerField(_("year"), null=True, editable=False)
    codes = ArrayField(
        models.CharField(max_length=120), default=list, db_default=[], editable=False
    )
    is_sampled = models.GeneratedField(
        expression=IN_SAMPLE, output_field=models.BooleanField(), db_persist=True
    )
    title_vector = SearchVectorField(editable=False)
    body_vector = SearchVectorField(editable=False)

    objects = SearchRowQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("row of the search")
        verbose_name_plural = _("rows of the search")
        indexes = [
            GinIndex(
                fields=["title_vector"],
                name="catalogue_searchrow_title",
                gin_pending_list_limit=1024,
            ),
            GinIndex(
                fields=["body_vector", "codes"],
                name="catalogue_searchrow_found",
                gin_pending_list_limit=1024,
            ),
            GinIndex(
                fields=["body_vector", "codes"],
                name="catalogue_searchrow_sample",
                condition=Q(is_sampled=True),
                gin_pending_list_limit=1024,
            ),
            models.Index(
                fields=["kind", "-published_at", "object_pk"], name="catalogue_searchrow_newest"
            ),
            models.Index(
                fields=["kind", "sort_title", "object_pk"], name="catalogue_searchrow_by_title"
            ),
            models.Index(
                F("kind"),
                F("year").desc(nulls_last=True),
                F("object_pk"),
                name="catalogue_searchrow_by_year",
            ),
        ]
        constraints = [
            choice_known("catalogue_searchrow", "audience", SearchAudience),
            models.UniqueConstraint(
                fields=["kind", "object_pk"], name="catalogue_searchrow_one_each"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SearchWord(models.Model):
    """A word of some title, small and without accents: what a misspelt one may have meant.

    Of any title that ever was: whether the reader may see one with it is asked each time.
    """

    plain = models.CharField(_("word"), max_length=40, primary_key=True, editable=False)

    objects = SearchWordQuerySet.as_manager()

    class Meta:
        ordering = ["plain"]
        verbose_name = _("word of the search")
        verbose_name_plural = _("words of the search")
        indexes = [
            GistIndex(
                name="catalogue_searchword_like", fields=["plain"], opclasses=["gist_trgm_ops"]
            )
        ]

    def __str__(self) -> str:
        return self.plain


class SearchCount(models.Model):
    """How many rows of the search have a code: the sum of `number` over the rows of a code.

    The database itself adds a row for each change of `SearchRow` (a trigger), so the sums are
    right in every snapshot and nobody waits for anybody; a task folds the rows together. They
    are kept by hub, for whether a hub is published is asked when they are read. The code ""
    counts the things; each change adds a row of it, so the set of these names the state.
    """

    kind = models.CharField(_("kind"), max_length=20, editable=False)
    audience = models.CharField(
        _("audience"), max_length=10, choices=SearchAudience, editable=False
    )
    hub = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="search_counts",
        null=True,
        editable=False,
        verbose_name=_("hub"),
    )
    code = models.CharField(_("code"), max_length=120, editable=False)
    number = models.IntegerField(_("number"), editable=False)

    objects = SearchCountQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("count of the search")
        verbose_name_plural = _("counts of the search")
        indexes = [
            models.Index(fields=["id"], condition=Q(code=""), name="catalogue_searchcount_state")
        ]
        constraints = [choice_known("catalogue_searchcount", "audience", SearchAudience)]

    def __str__(self) -> str:
        return f"{self.code} {self.number:+}"
