"""Let a word find what is written in another language, by a list of words that mean the same."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from core.thesaurus import words_by_concept

TABLE = """
CREATE TABLE portal_synonym (target tsquery NOT NULL, substitute tsquery NOT NULL);
"""
# Each word by its stem and as it is written, as rows of the search hold it.
FILL = """
INSERT INTO portal_synonym (target, substitute)
WITH words AS (
    SELECT * FROM unnest(%s::int[], %s::text[], %s::text[]) AS words (concept, language, word)
), lexemes AS (
    SELECT concept, unnest(tsvector_to_array(
        to_tsvector(portal_configuration(language), portal_folded(word)))) AS lexeme FROM words
    UNION
    SELECT concept, unnest(tsvector_to_array(
        to_tsvector('portal_simple', portal_folded(word)))) FROM words
), whole AS (
    SELECT concept, string_agg(quote_literal(lexeme), ' | ' ORDER BY lexeme)::tsquery AS query
    FROM lexemes GROUP BY concept
)
SELECT quote_literal(lexeme)::tsquery, (
    SELECT string_agg('(' || query::text || ')', ' | ' ORDER BY concept)::tsquery
    FROM whole WHERE concept IN (SELECT other.concept FROM lexemes other
                                 WHERE other.lexeme = each.lexeme)
)
FROM (SELECT DISTINCT lexeme FROM lexemes) AS each
"""
EXCLUDED = r"""'(?:^|\s)-("[^"]*"|\S+)'"""  # -word or -"some words"
QUERY = f"""
CREATE FUNCTION portal_widened(asked tsquery) RETURNS tsquery
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    widened tsquery := asked;
    known record;
BEGIN
    IF asked::text ~ ' <(-|[0-9]+)> ' THEN  -- words in quotation marks stand for themselves
        RETURN asked;
    END IF;
    FOR known IN SELECT target, substitute FROM portal_synonym WHERE target <@ asked LOOP
        widened := ts_rewrite(widened, known.target, known.substitute);
    END LOOP;
    RETURN widened;
END $$;
CREATE OR REPLACE FUNCTION portal_query(words text) RETURNS tsquery
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (
        SELECT CASE WHEN excluded IS NULL OR numnode(wanted) = 0 THEN portal_widened(wanted)
            ELSE portal_widened(wanted) && !!portal_words(excluded) END
        FROM (
            SELECT portal_words(regexp_replace(words, {EXCLUDED}, ' ', 'g')) AS wanted,
                (SELECT string_agg(found[1], ' or ')
                 FROM regexp_matches(words, {EXCLUDED}, 'g') AS found) AS excluded
        ) AS parts
    );
"""
AS_BEFORE = f"""
CREATE OR REPLACE FUNCTION portal_query(words text) RETURNS tsquery
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (
        SELECT CASE WHEN excluded IS NULL OR numnode(wanted) = 0 THEN wanted
            ELSE wanted && !!portal_words(excluded) END
        FROM (
            SELECT portal_words(regexp_replace(words, {EXCLUDED}, ' ', 'g')) AS wanted,
                (SELECT string_agg(found[1], ' or ')
                 FROM regexp_matches(words, {EXCLUDED}, 'g') AS found) AS excluded
        ) AS parts
    );
DROP FUNCTION portal_widened(tsquery);
"""


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the list."""
    numbers, languages, words = zip(*words_by_concept(), strict=True)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(FILL, [list(numbers), list(languages), list(words)])


class Migration(migrations.Migration):
    dependencies = [("core", "0003_distinct_readings")]
    operations = [
        migrations.RunSQL(TABLE, "DROP TABLE portal_synonym"),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(QUERY, AS_BEFORE),
    ]
