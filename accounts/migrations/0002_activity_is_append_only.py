"""The audit trail can be added to and read; the database refuses the rest."""

from django.db import migrations

FORBID = """
CREATE FUNCTION accounts_activity_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'accounts_activity is append-only: % refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER accounts_activity_append_only
    BEFORE UPDATE OR DELETE ON accounts_activity
    FOR EACH ROW EXECUTE FUNCTION accounts_activity_refuse();
"""
ALLOW = """
DROP TRIGGER accounts_activity_append_only ON accounts_activity;
DROP FUNCTION accounts_activity_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
