"""Tables on their way into the portal, taken a step further as the worker does."""

import csv
import io

from django.core.files.uploadedfile import SimpleUploadedFile

from catalogue import services
from core.csv import defused


def table(*rows):
    """Return rows (dictionaries) as a CSV with the columns that any of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(names)
    writer.writerows([defused(row.get(name, "")) for name in names] for row in rows)
    return file.getvalue().encode()


def checked_table(kind, editor, *rows, text=None):
    """Upload rows, or a file, into the hub of a membership; return the import once checked."""
    upload = SimpleUploadedFile("table.csv", text or table(*rows))
    imported = services.begin_import(kind, editor.hub, upload, by=editor.member)
    services.work_on_import(imported.pk)
    imported.refresh_from_db()
    return imported


def carried_out(imported, **decided):
    """Confirm a checked import; return it once the worker is done with it."""
    services.confirm_import(imported, by=imported.member, **decided)
    services.work_on_import(imported.pk)
    imported.refresh_from_db()
    return imported
