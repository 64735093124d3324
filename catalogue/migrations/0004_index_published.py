"""Make what was published before findable."""

from django.db import migrations

INDEX = """
INSERT INTO catalogue_searchrow
    (kind, object_pk, hub_id, title, published_at, title_vector, body_vector)
SELECT 'entry', entry.id, entry.hub_id, entry.title, entry.published_at,
       portal_vector(entry.language, entry.title),
       portal_vector(entry.language, concat_ws(E'\\n', entry.title, entry.summary, entry.challenge,
           entry.what_was_done, entry.lessons, entry.note, entry.contested_statement,
           hub.name, hub.acronym,
           (SELECT string_agg(statement, E'\\n') FROM catalogue_resultrow
            WHERE entry_id = entry.id)))
FROM catalogue_entry entry JOIN hubs_hub hub ON hub.id = entry.hub_id
WHERE entry.state IN ('published', 'archived')
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0003_search_rows"), ("core", "0002_text_search")]
    operations = [migrations.RunSQL(INDEX, migrations.RunSQL.noop)]
