"""What the tests of a module only read is made once: in a transaction that ends with them.

Each test has a savepoint within it, and what it changes is undone as ever. A module that uses
this has no tests that commit, and none that wants an empty database.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from pytest_django import DjangoDbBlocker


@contextmanager
def kept(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keep what is made within this until the end of it: for fixtures of a wider scope, which
    also ask for `django_db_setup`.
    """
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
