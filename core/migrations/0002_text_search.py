"""Text search in the portal's six languages, blind to accents, and how a query is read.

Each language has a configuration of its own: PostgreSQL's, with `unaccent` before its stemmer.
Arabic is brought to one form first (the forms of alef, final ya, no lengthening). A query is
read in every language, and as it is written, for nobody should have to say which they use.
"""

from django.db import migrations

LANGUAGES = {
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "pt": "portuguese",
    "id": "indonesian",
    "ar": "arabic",
}
WORDS = "asciiword, asciihword, hword_asciipart, word, hword, hword_part"
CONFIGURATIONS = "\n".join(
    f"CREATE TEXT SEARCH CONFIGURATION portal_{code} (COPY = {name});\n"
    f"ALTER TEXT SEARCH CONFIGURATION portal_{code} ALTER MAPPING FOR {WORDS}"
    f" WITH unaccent, {name}_stem;"
    for code, name in LANGUAGES.items()
)
SIMPLE = f"""
CREATE TEXT SEARCH CONFIGURATION portal_simple (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION portal_simple ALTER MAPPING FOR {WORDS} WITH unaccent, simple;
"""
CASES = "\n".join(
    f"        WHEN '{code}' THEN 'portal_{code}'::regconfig" for code in LANGUAGES
)
QUERIES = "\n        || ".join(
    f"websearch_to_tsquery('portal_{code}', portal_folded(words))" for code in (*LANGUAGES, "simple")
)
EXCLUDED = r"""'(?:^|\s)-("[^"]*"|\S+)'"""  # -word or -"some words"
FUNCTIONS = f"""
CREATE FUNCTION portal_folded(words text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
    RETURN translate(words, 'أإآٱىـ', 'ااااي');
CREATE FUNCTION portal_configuration(language text) RETURNS regconfig
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE split_part(language, '-', 1)
{CASES}
        ELSE 'portal_simple'::regconfig
    END;
-- Both ways a word is kept, with a gap between, so that no phrase reaches over it.
CREATE FUNCTION portal_vector(language text, words text) RETURNS tsvector
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ts_delete(
        to_tsvector(portal_configuration(language), portal_folded(words))
        || to_tsvector('simple', repeat('portalgap ', 20))
        || to_tsvector('portal_simple', portal_folded(words)),
        'portalgap'
    );
CREATE FUNCTION portal_words(words text) RETURNS tsquery
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN {QUERIES};
-- What is excluded is excluded in every language: a stem of another one must not let it in.
CREATE FUNCTION portal_query(words text) RETURNS tsquery
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (
        SELECT CASE WHEN excluded IS NULL OR numnode(wanted) = 0 THEN wanted
            ELSE wanted && !!portal_words(excluded) END
        FROM (
            SELECT portal_words(regexp_replace(words, {EXCLUDED}, ' ', 'g')) AS wanted,
                (SELECT string_agg(found[1], ' or ')
                 FROM regexp_matches(words, {EXCLUDED}, 'g') AS found) AS excluded
        ) AS parts
    );
"""
REVERSE = """
DROP FUNCTION portal_query(text);
DROP FUNCTION portal_words(text);
DROP FUNCTION portal_vector(text, text);
DROP FUNCTION portal_configuration(text);
DROP FUNCTION portal_folded(text);
""" + "\n".join(f"DROP TEXT SEARCH CONFIGURATION portal_{code};" for code in (*LANGUAGES, "simple"))


class Migration(migrations.Migration):
    dependencies = [("core", "0001_extensions")]
    operations = [migrations.RunSQL(CONFIGURATIONS + SIMPLE + FUNCTIONS, REVERSE)]
