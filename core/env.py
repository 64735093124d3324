"""Read settings from the environment, failing at start-up rather than at first use."""

import os
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def env_str(name: str, default: str | None = None) -> str:
    """Return `name`; without a default, a missing or empty value stops the process."""
    value = os.environ.get(name) or default
    if value is None:
        raise ImproperlyConfigured(f"Environment variable {name} is required.")
    return value


def env_bool(name: str, *, default: bool = False) -> bool:
    """Return `name` as a boolean; a word that is neither true nor false is an error."""
    raw = os.environ.get(name, "").strip().lower()
    if not raw:
        return default
    if raw in _TRUE | _FALSE:
        return raw in _TRUE
    raise ImproperlyConfigured(f"{name}={raw!r} is not a boolean.")


def env_int(name: str, default: int) -> int:
    """Return `name` as a whole number; anything else is an error."""
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={raw!r} is not a whole number.") from None


def env_list(name: str, default: str = "") -> list[str]:
    """Return `name` split on commas, blanks dropped."""
    return [part.strip() for part in env_str(name, default or " ").split(",") if part.strip()]


def celery_broker_url(redis_url: str) -> str:
    """Return `redis_url` as Celery spells it: redis-py's `unix://` is its `redis+socket://`."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return f"redis+socket://{unquote(parts.path)}?virtual_host={database.get('db', '0')}"


def database_config(url: str) -> dict[str, Any]:
    """Return `url` as a Django database; a socket folder stands percent-encoded as the host."""
    config: dict[str, Any] = environ.Env.db_url_config(url)
    return {**config, "HOST": unquote(config["HOST"] or "")}
