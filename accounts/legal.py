"""Which terms are in force, known without a query on every page."""

from django.core.cache import cache

from accounts.models import LegalText

ACCEPTED_SESSION_KEY = "accepted_texts"  # what the member of a session has accepted
_CACHE_KEY = "legal-texts-in-force"
_CACHE_SECONDS = 60


def current_key() -> str:
    """Return a short name of the texts in force ("privacy-1 terms-2"); "" where there are none."""
    key: str | None = cache.get(_CACHE_KEY)
    if key is None:
        key = " ".join(f"{text.kind}-{text.version}" for text in LegalText.objects.in_force())
        cache.set(_CACHE_KEY, key, _CACHE_SECONDS)
    return key


def forget_current_key() -> None:
    """Make the next page ask again: a new text was published."""
    cache.delete(_CACHE_KEY)
