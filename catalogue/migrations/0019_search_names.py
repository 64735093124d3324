"""Keep the words of each code's names, so that they are not read anew for each row."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from catalogue.services.indexing import write_code_names

NAMES = """
CREATE AGGREGATE portal_together(tsvector) (SFUNC = tsvector_concat, STYPE = tsvector, INITCOND = '');
CREATE TABLE catalogue_searchname (
    code text PRIMARY KEY, wider text[] NOT NULL DEFAULT '{}', vector tsvector NOT NULL
);
"""
NAMES_BEFORE = """
DROP TABLE catalogue_searchname;
DROP AGGREGATE portal_together(tsvector);
"""


def write(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    write_code_names()


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0018_attachments")]
    operations = [
        migrations.RunSQL(NAMES, NAMES_BEFORE),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
