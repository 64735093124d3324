"""Keep the searched columns where they are read fast, and the counts in step with the rows.

What was published before gets its codes here; its words stay as they are until it is published
again or `index_search` is run.
"""

from django.db import migrations

CODES = """
SET LOCAL statement_timeout TO 0;
UPDATE catalogue_searchrow row SET language = entry.language,
    sort_title = left(lower(unaccent(entry.title)), 400),
    year = entry.year_from, codes = ARRAY(
    SELECT 'country:' || code FROM unnest(entry.countries) code
    UNION ALL SELECT 'sector:' || code FROM unnest(entry.sectors) code
    UNION ALL SELECT 'sdg:' || code FROM unnest(entry.sdgs) code
    UNION ALL SELECT 'instrument:' || code FROM unnest(entry.instruments) code
    UNION ALL SELECT 'language:' || code FROM unnest(entry.working_languages) code
    UNION ALL SELECT code FROM (VALUES
        ('hub:' || hub.slug),
        ('year:' || entry.year_from),
        (CASE WHEN entry.is_contested THEN 'contested:yes' ELSE 'contested:no' END)
    ) AS single (code) WHERE code IS NOT NULL
)
FROM catalogue_entry entry JOIN hubs_hub hub ON hub.id = entry.hub_id
WHERE row.kind = 'entry' AND row.object_pk = entry.id;
"""
# Ranking reads the title of all candidates, the text of few: one stays in the row, the other
# out of it and as it is, so that what facets read is small.
STORAGE = """
ALTER TABLE catalogue_searchrow
    ALTER title_vector SET STORAGE MAIN,
    ALTER codes SET STORAGE MAIN,
    ALTER body_vector SET STORAGE EXTERNAL,
    ALTER title_vector SET STATISTICS 1000,
    ALTER body_vector SET STATISTICS 1000,
    ALTER codes SET STATISTICS 1000;
"""
STORAGE_BEFORE = """
ALTER TABLE catalogue_searchrow
    ALTER title_vector SET STORAGE EXTENDED,
    ALTER codes SET STORAGE EXTENDED,
    ALTER body_vector SET STORAGE EXTENDED,
    ALTER title_vector SET STATISTICS -1,
    ALTER body_vector SET STATISTICS -1,
    ALTER codes SET STATISTICS -1;
"""
COUNTS = """
CREATE FUNCTION catalogue_searchrow_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO catalogue_searchcount (kind, audience, hub_id, code, number)
        SELECT kind, audience, hub_id, code, count(*)
        FROM (SELECT kind, audience, hub_id, unnest(codes || ''::varchar) AS code
              FROM added) AS changed
        GROUP BY kind, audience, hub_id, code;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO catalogue_searchcount (kind, audience, hub_id, code, number)
        SELECT kind, audience, hub_id, code, -count(*)
        FROM (SELECT kind, audience, hub_id, unnest(codes || ''::varchar) AS code
              FROM removed) AS changed
        GROUP BY kind, audience, hub_id, code;
    ELSE
        INSERT INTO catalogue_searchcount (kind, audience, hub_id, code, number)
        SELECT kind, audience, hub_id, code, sum(number)
        FROM (SELECT kind, audience, hub_id, unnest(codes || ''::varchar) AS code, 1 AS number
              FROM added
              UNION ALL
              SELECT kind, audience, hub_id, unnest(codes || ''::varchar), -1
              FROM removed) AS changed
        GROUP BY kind, audience, hub_id, code HAVING sum(number) <> 0 OR code = '';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalogue_searchrow_added AFTER INSERT ON catalogue_searchrow
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_searchrow_count();
CREATE TRIGGER catalogue_searchrow_changed AFTER UPDATE ON catalogue_searchrow
    REFERENCING NEW TABLE AS added OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_searchrow_count();
CREATE TRIGGER catalogue_searchrow_removed AFTER DELETE ON catalogue_searchrow
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_searchrow_count();
INSERT INTO catalogue_searchcount (kind, audience, hub_id, code, number)
SELECT kind, audience, hub_id, code, count(*)
FROM (SELECT kind, audience, hub_id, unnest(codes || ''::varchar) AS code
      FROM catalogue_searchrow) AS known
GROUP BY kind, audience, hub_id, code;
"""
COUNTS_BEFORE = """
DROP TRIGGER catalogue_searchrow_added ON catalogue_searchrow;
DROP TRIGGER catalogue_searchrow_changed ON catalogue_searchrow;
DROP TRIGGER catalogue_searchrow_removed ON catalogue_searchrow;
DROP FUNCTION catalogue_searchrow_count();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0006_search_codes"), ("core", "0003_distinct_readings")]
    operations = [
        migrations.RunSQL(CODES, migrations.RunSQL.noop),
        migrations.RunSQL(STORAGE, STORAGE_BEFORE),
        migrations.RunSQL(COUNTS, COUNTS_BEFORE),
    ]
