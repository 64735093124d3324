"""The database removes experts from the search when their member leaves or their hub is hidden.

Whoever does it, also without the services: under the advisory lock 5014032, which the services
take before they write such rows. When all else is written, so that who waits for this lock keeps
nobody waiting who has it.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION catalogue_hide_experts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(5014032);
    DELETE FROM catalogue_searchrow WHERE kind = 'expert' AND object_pk IN (
        SELECT id FROM catalogue_expert
        WHERE CASE TG_TABLE_NAME WHEN 'hubs_hub' THEN hub_id = NEW.id ELSE member_id = NEW.id END
    );
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER catalogue_hub_hides_experts
    AFTER UPDATE OF is_published ON hubs_hub DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (OLD.is_published AND NOT NEW.is_published)
    EXECUTE FUNCTION catalogue_hide_experts();
CREATE CONSTRAINT TRIGGER catalogue_member_hides_expert
    AFTER UPDATE OF status ON accounts_member DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.status NOT IN ('active', 'limited') AND OLD.status <> NEW.status)
    EXECUTE FUNCTION catalogue_hide_experts();
"""
DROP = """
DROP TRIGGER catalogue_member_hides_expert ON accounts_member;
DROP TRIGGER catalogue_hub_hides_experts ON hubs_hub;
DROP FUNCTION catalogue_hide_experts();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0021_tags_are_known_and_aliases_short"),
        ("accounts", "0004_add_activity_subject"),
        ("hubs", "0001_initial"),
    ]
    operations = [migrations.RunSQL(CREATE, DROP)]
