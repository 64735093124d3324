"""The database keeps the vocabulary of tags: entries hold known ones, aliases are one step long.

Both hold whoever writes, and when two write at once. An alias leads to a tag that is none:
whoever makes one waits for the advisory lock 5014030, which the services take first; the
statement after the wait sees what the other committed. A tag that an entry has stays: whoever
gives it to an entry holds its row against removal meanwhile.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION catalogue_tag_refuse_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(5014030);
    IF EXISTS (SELECT FROM catalogue_tag
               WHERE id = NEW.merged_into_id AND merged_into_id IS NOT NULL)
       OR EXISTS (SELECT FROM catalogue_tag WHERE merged_into_id = NEW.id)
    THEN
        RAISE EXCEPTION 'a tag is merged into one that is itself merged'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'catalogue_tag_no_chain';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalogue_tag_no_chain
    AFTER INSERT OR UPDATE OF merged_into_id ON catalogue_tag
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL)
    EXECUTE FUNCTION catalogue_tag_refuse_chain();

CREATE FUNCTION catalogue_entry_refuse_unknown_tags() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE number integer;
BEGIN
    SELECT count(*) INTO number
    FROM (SELECT FROM catalogue_tag WHERE slug = ANY(NEW.tags) FOR KEY SHARE) AS held;
    IF number <> cardinality(NEW.tags) THEN
        RAISE EXCEPTION 'an entry has a tag that there is not, or one twice'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'catalogue_entry_tags_known';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalogue_entry_tags_known
    AFTER INSERT OR UPDATE OF tags ON catalogue_entry
    FOR EACH ROW WHEN (cardinality(NEW.tags) > 0)
    EXECUTE FUNCTION catalogue_entry_refuse_unknown_tags();

CREATE FUNCTION catalogue_tag_refuse_loss() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM catalogue_entry WHERE tags @> ARRAY[OLD.slug]::varchar(60)[])
       OR TG_OP = 'UPDATE'
    THEN
        RAISE EXCEPTION 'entries name this tag'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'catalogue_tag_slug_stays';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalogue_tag_slug_stays AFTER DELETE ON catalogue_tag
    FOR EACH ROW EXECUTE FUNCTION catalogue_tag_refuse_loss();
CREATE TRIGGER catalogue_tag_slug_never_changes AFTER UPDATE OF slug ON catalogue_tag
    FOR EACH ROW WHEN (OLD.slug IS DISTINCT FROM NEW.slug)
    EXECUTE FUNCTION catalogue_tag_refuse_loss();
"""
DROP = """
DROP TRIGGER catalogue_tag_slug_never_changes ON catalogue_tag;
DROP TRIGGER catalogue_tag_slug_stays ON catalogue_tag;
DROP TRIGGER catalogue_entry_tags_known ON catalogue_entry;
DROP TRIGGER catalogue_tag_no_chain ON catalogue_tag;
DROP FUNCTION catalogue_tag_refuse_loss();
DROP FUNCTION catalogue_entry_refuse_unknown_tags();
DROP FUNCTION catalogue_tag_refuse_chain();
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0020_tags")]
    operations = [migrations.RunSQL(CREATE, DROP)]
