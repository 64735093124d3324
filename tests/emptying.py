"""Emptying the database after a test that commits, by its rows instead of by its tables.

Django truncates every table, and writes content types and permissions anew; with some two
hundred tables that costs more than most tests. Here the few rows that are there are deleted.
"""

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase
from psycopg.sql import SQL, Identifier

# Rows that migrating writes and no test changes.
KEPT = {
    *("django_migrations", "django_content_type", "auth_permission"),
    *("catalogue_searchname", "portal_synonym"),
}


def empty_after_each_test() -> None:
    """Let tests that commit leave their database by `empty`."""

    def leave(case: TransactionTestCase) -> None:
        for alias in case._databases_names(include_mirrors=False):
            empty(connections[alias])

    TransactionTestCase._fixture_teardown = leave  # type: ignore[method-assign]


def empty(connection: BaseDatabaseWrapper) -> None:
    """Delete every row of the database of `connection` but `KEPT`."""
    tables = set(connection.introspection.table_names()) - KEPT
    with connection.cursor() as cursor:
        # Rows are deleted in no order, also those that nothing may delete.
        cursor.execute("SET session_replication_role = replica")
        asked = SQL(" UNION ALL ").join(
            SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, Identifier(name))
            for name in sorted(tables)
        )
        cursor.execute(asked)
        for (name,) in cursor.fetchall():
            cursor.execute(SQL("DELETE FROM {}").format(Identifier(name)))
        cursor.execute("SET session_replication_role = DEFAULT")
