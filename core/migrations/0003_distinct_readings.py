"""Ask for each reading of a search once: most words have the same stem in several languages."""

from django.db import migrations

LANGUAGES = ("en", "es", "fr", "pt", "id", "ar", "simple")
READINGS = ",\n                ".join(
    f"(websearch_to_tsquery('portal_{code}', portal_folded(words)))" for code in LANGUAGES
)
EVERY_READING = "\n        || ".join(
    f"websearch_to_tsquery('portal_{code}', portal_folded(words))" for code in LANGUAGES
)
DISTINCT = f"""
CREATE OR REPLACE FUNCTION portal_words(words text) RETURNS tsquery
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (
        SELECT coalesce(string_agg('(' || reading || ')', ' | ' ORDER BY reading), '')::tsquery
        FROM (
            SELECT DISTINCT query::text AS reading FROM (VALUES
                {READINGS}
            ) AS readings (query)
        ) AS readings
        WHERE reading <> ''
    );
"""
AS_BEFORE = f"""
CREATE OR REPLACE FUNCTION portal_words(words text) RETURNS tsquery
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN {EVERY_READING};
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_text_search")]
    operations = [migrations.RunSQL(DISTINCT, AS_BEFORE)]
