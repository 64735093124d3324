"""A cache that may be lost at any time without anybody noticing more than slowness."""

from typing import Any

import structlog
from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, which answers "not found" while the server is away.

    `add` then answers True: callers use it as a lock or a limit, and a portal that lets
    people in without limits for a moment is better than one that lets nobody in.
    """

    def _forgive(self, operation: str, error: Exception) -> None:
        logger.warning("cache_away", operation=operation, error=str(error))

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        try:
            return bool(super().add(key, value, *args, **kwargs))
        except (RedisError, OSError) as error:
            self._forgive("add", error)
            return True

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except (RedisError, OSError) as error:
            self._forgive("get", error)
            return default

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        try:
            super().set(key, value, *args, **kwargs)
        except (RedisError, OSError) as error:
            self._forgive("set", error)

    def delete(self, key: Any, version: int | None = None) -> bool:
        try:
            return bool(super().delete(key, version))
        except (RedisError, OSError) as error:
            self._forgive("delete", error)
            return False

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        try:
            return dict(super().get_many(keys, version))
        except (RedisError, OSError) as error:
            self._forgive("get_many", error)
            return {}


def count_up(key: str, seconds: int) -> int:
    """Return how often this was called for `key` since it was first, for `seconds`; 0 while
    the cache is away.
    """
    try:
        try:
            return cache.incr(key)
        except ValueError:  # the first
            if cache.add(key, 1, seconds):
                return 1
            return cache.incr(key)
    except (RedisError, OSError, ValueError):
        return 0
