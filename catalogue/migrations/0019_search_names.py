"""Keep the words of each code's names, so that they are not read anew for each row."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from catalogue.code_names import code_names, wider_codes

NAMES = """
CREATE AGGREGATE portal_together(tsvector) (SFUNC = tsvector_concat, STYPE = tsvector, INITCOND = '');
CREATE TABLE catalogue_searchname (
    code text PRIMARY KEY, wider text[] NOT NULL DEFAULT '{}', vector tsvector NOT NULL
);
"""
WRITE_NAMES = """
INSERT INTO catalogue_searchname (code, vector)
SELECT code, portal_together(portal_vector(language, name))
FROM unnest(%s::text[], %s::text[], %s::text[]) AS named (code, language, name) GROUP BY code
"""
WRITE_WIDER = """
UPDATE catalogue_searchname name SET wider = ARRAY(
    SELECT region FROM unnest(%s::text[], %s::text[]) AS within (country, region)
    WHERE country = name.code)
"""
NAMES_BEFORE = """
DROP TABLE catalogue_searchname;
DROP AGGREGATE portal_together(tsvector);
"""


def write(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(WRITE_NAMES, code_names())
        cursor.execute(WRITE_WIDER, wider_codes())


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0018_attachments")]
    operations = [
        migrations.RunSQL(NAMES, NAMES_BEFORE),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
