"""The database refuses to change or remove what was published."""

from django.db import migrations

FORBID = """
CREATE FUNCTION catalogue_entryversion_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'catalogue_entryversion is immutable' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER catalogue_entryversion_immutable
    BEFORE UPDATE OR DELETE ON catalogue_entryversion
    FOR EACH ROW EXECUTE FUNCTION catalogue_entryversion_refuse();
"""
ALLOW = """
DROP TRIGGER catalogue_entryversion_immutable ON catalogue_entryversion;
DROP FUNCTION catalogue_entryversion_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
