"""The database keeps the count of adoptions, and refuses a circle of entries.

Both hold whoever writes, and when two write at once. The circle: whoever ties two entries waits
for the advisory lock 5014013, which the services take first; the statement after the wait sees
what the other committed. The count: the adopting hub is locked against being shown or hidden
meanwhile, then the entry, then it is counted anew; always in that order.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION catalogue_leads_to(start bigint, target bigint, but bigint) RETURNS boolean
LANGUAGE sql AS $$
    WITH RECURSIVE reached(entry_id) AS (
        SELECT start
      UNION
        SELECT adoption.resulting_entry_id
        FROM reached JOIN catalogue_adoption adoption ON adoption.entry_id = reached.entry_id
        WHERE adoption.resulting_entry_id IS NOT NULL AND adoption.id <> but
    )
    SELECT EXISTS (SELECT FROM reached WHERE entry_id = target)
$$;

CREATE FUNCTION catalogue_adoption_refuse_circle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(5014013);
    IF catalogue_leads_to(NEW.resulting_entry_id, NEW.entry_id, NEW.id) THEN
        RAISE EXCEPTION 'entries would come of each other in a circle'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'catalogue_adoption_no_circle';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalogue_adoption_no_circle
    AFTER INSERT OR UPDATE OF entry_id, resulting_entry_id ON catalogue_adoption
    FOR EACH ROW WHEN (NEW.entry_id IS NOT NULL AND NEW.resulting_entry_id IS NOT NULL)
    EXECUTE FUNCTION catalogue_adoption_refuse_circle();

CREATE FUNCTION catalogue_count_adoptions(which bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE number integer;
BEGIN
    PERFORM FROM catalogue_entry WHERE id = which FOR NO KEY UPDATE;
    SELECT count(*) INTO number
    FROM catalogue_adoption adoption LEFT JOIN hubs_hub hub ON hub.id = adoption.hub_id
    WHERE adoption.entry_id = which AND adoption.state = 'confirmed'
      AND (adoption.hub_id IS NULL OR hub.is_published);
    UPDATE catalogue_entry SET adoption_count = number
    WHERE id = which AND adoption_count <> number;
END $$;

CREATE FUNCTION catalogue_adoption_count() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE which bigint;
BEGIN
    PERFORM FROM hubs_hub WHERE id IN (OLD.hub_id, NEW.hub_id) ORDER BY id FOR SHARE;
    FOR which IN
        SELECT DISTINCT touched FROM unnest(ARRAY[OLD.entry_id, NEW.entry_id]) touched
        WHERE touched IS NOT NULL ORDER BY touched
    LOOP
        PERFORM catalogue_count_adoptions(which);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER catalogue_adoption_counted
    AFTER INSERT OR UPDATE OR DELETE ON catalogue_adoption
    FOR EACH ROW EXECUTE FUNCTION catalogue_adoption_count();

CREATE FUNCTION catalogue_hub_count_adoptions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE which bigint;
BEGIN
    FOR which IN
        SELECT DISTINCT entry_id FROM catalogue_adoption
        WHERE hub_id = NEW.id AND entry_id IS NOT NULL ORDER BY entry_id
    LOOP
        PERFORM catalogue_count_adoptions(which);
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER catalogue_hub_adoptions_counted
    AFTER UPDATE OF is_published ON hubs_hub
    FOR EACH ROW WHEN (OLD.is_published IS DISTINCT FROM NEW.is_published)
    EXECUTE FUNCTION catalogue_hub_count_adoptions();

-- Whoever saves an entry whole has read the count before: only the triggers above write it.
CREATE FUNCTION catalogue_entry_keep_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        NEW.adoption_count := OLD.adoption_count;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalogue_entry_count_kept
    BEFORE UPDATE OF adoption_count ON catalogue_entry
    FOR EACH ROW WHEN (OLD.adoption_count IS DISTINCT FROM NEW.adoption_count)
    EXECUTE FUNCTION catalogue_entry_keep_count();
"""
DROP = """
DROP TRIGGER catalogue_entry_count_kept ON catalogue_entry;
DROP TRIGGER catalogue_hub_adoptions_counted ON hubs_hub;
DROP TRIGGER catalogue_adoption_counted ON catalogue_adoption;
DROP TRIGGER catalogue_adoption_no_circle ON catalogue_adoption;
DROP FUNCTION catalogue_entry_keep_count();
DROP FUNCTION catalogue_hub_count_adoptions();
DROP FUNCTION catalogue_adoption_count();
DROP FUNCTION catalogue_count_adoptions(bigint);
DROP FUNCTION catalogue_adoption_refuse_circle();
DROP FUNCTION catalogue_leads_to(bigint, bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0010_adoptions")]
    operations = [migrations.RunSQL(CREATE, DROP)]
