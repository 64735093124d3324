"""Experience, to be searched."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import StringAgg
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Aggregate,
    Case,
    F,
    Func,
    JSONField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from catalogue.models import Entry, ResultRow, Translation
from catalogue.querysets.entries import PUBLISHED_STATES, shows_evidence
from catalogue.searchable import Lines, Searchable, Shown, register, row_columns

if TYPE_CHECKING:
    from hubs.querysets import User

TEXTS = (
    *("summary", "challenge", "what_was_done", "enabling", "hindering", "what_did_not_work"),
    *("lessons", "how_to_adapt", "cost_text", "note", "contested_statement"),
)


class ByLanguage(Aggregate):
    """Texts by the language they are in, as one object."""

    function = "jsonb_object_agg"
    output_field = JSONField()


class Said(Func):
    """All that the values of an object say."""

    template = "array_to_string(ARRAY(SELECT value FROM jsonb_each_text(%(expressions)s)), E'\\n')"
    output_field = TextField()


class Coded(Func):
    """A list of codes as facets count them: each behind the name of its `facet`."""

    template = "ARRAY(SELECT '%(facet)s:' || unnest(%(expressions)s))"
    output_field = ArrayField(TextField())


class Together(Func):
    """Lists as one."""

    template, arg_joiner = "(%(expressions)s)", " || "
    output_field = ArrayField(TextField())


class TagNames(Func):
    """What tags are called, in all languages, also those that were merged into them.

    Entries name no tag that was merged: a merge gives them the one it became.
    """

    template = (
        "(SELECT string_agg(concat_ws(E'\\n', known.name, array_to_string(known.keys, E'\\n')),"
        " E'\\n') FROM catalogue_tag tag JOIN catalogue_tag known"
        " ON known.id = tag.id OR known.merged_into_id = tag.id"
        " WHERE tag.slug = ANY(%(expressions)s))"
    )
    output_field = TextField()


class WithTagNames(Func):
    """Texts by language, and what tags are called in each; first the texts, then the tags."""

    template = """(
        SELECT coalesce(jsonb_object_agg(said.language, said.text), '{{}}'::jsonb) FROM (
            SELECT each.language, string_agg(each.text, E'\\n') AS text FROM (
                SELECT key AS language, value AS text FROM jsonb_each_text({texts})
                UNION ALL SELECT named.key, named.value FROM catalogue_tag tag
                CROSS JOIN LATERAL jsonb_each_text(
                    tag.names || jsonb_build_object(tag.language, tag.name)
                ) AS named
                WHERE tag.slug = ANY({tags})
            ) AS each GROUP BY each.language
        ) AS said
    )"""
    output_field = JSONField()

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> Any:  # type: ignore[override]
        (texts, given), (tags, more) = (compiler.compile(each) for each in self.source_expressions)
        return self.template.format(texts=texts, tags=tags), [*given, *more]


def rows() -> QuerySet[Any, Any]:
    """Return every published entry, also those set aside in the archive, as rows to index."""
    results = (
        ResultRow.objects.filter(entry=OuterRef("pk"))
        .order_by()
        .values("entry")
        .values(text=StringAgg("statement", Value("\n")))
    )
    translations = Translation.objects.filter(entry=OuterRef("pk")).order_by().values("entry")
    titles = translations.values(whole=ByLanguage("language", KT("texts__title")))
    texts = translations.values(whole=ByLanguage("language", Said("texts")))
    published = Entry.objects.filter(state__in=PUBLISHED_STATES)
    return published.values(
        **row_columns(
            pk=F("pk"),
            hub=F("hub"),
            title=F("title"),
            language=F("language"),
            published_at=F("published_at"),
            text=Lines(
                *(F(name) for name in TEXTS),
                Subquery(results),
                TagNames(F("tags")),  # in whatever language; those of the portal's stemmed below
            ),
            titles=Coalesce(Subquery(titles), Value({}, output_field=JSONField())),
            translations=WithTagNames(
                Coalesce(Subquery(texts), Value({}, output_field=JSONField())), F("tags")
            ),
            countries=F("countries"),
            other_countries=F("provider_countries"),
            sectors=F("sectors"),
            sdgs=F("sdgs"),
            instruments=F("instruments"),
            working_languages=F("working_languages"),
            codes=Together(
                Coded(F("tags"), facet="tag"),
                Coded(F("expertise"), facet="expertise"),
                Cast(
                    Case(
                        When(shows_evidence(), then=Value("{evidence:yes}")),
                        default=Value("{evidence:no}"),
                    ),
                    ArrayField(TextField()),
                ),
            ),
            year=F("year_from"),
            is_contested=F("is_contested"),
        )
    )


def shown(keys: Collection[int], user: User) -> dict[int, Shown]:
    """Return what results say of the entries `keys` that `user` may read; one query."""
    entries: Any = Entry.objects.visible_to(user).published().for_list().filter(pk__in=keys)
    return {
        entry.pk: Shown(
            title=entry.title,
            summary=entry.summary,
            language=entry.language,
            path=entry.get_absolute_url(),
            api_path=f"/api/v1/entries/{entry.slug}/",
            published_at=entry.published_at,
            hub=entry.hub.acronym or entry.hub.name,
            text=" ".join((entry.challenge, entry.what_was_done, entry.lessons)),
            is_contested=entry.is_contested,
            told=entry.told if entry.translated else None,
        )
        for entry in entries.only(*SHOWN)
    }


SHOWN = (
    *("slug", "title", "summary", "language", "is_contested", "published_at"),
    *("challenge", "what_was_done", "lessons", "hub__slug", "hub__name", "hub__acronym"),
)
register(Searchable("entry", _("Experience"), rows, shown))
