"""Read by gunicorn wherever the portal is served from this folder."""

import gc


def when_ready(server: object) -> None:
    """Keep the collector off what was loaded before the workers came, so that they share it."""
    gc.collect()
    gc.freeze()
