"""Importing a table: upload, report, confirm, progress, rejected rows, template."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from catalogue.forms import ConfirmImportForm, ImportForm
from catalogue.models import Import, ImportState
from catalogue.querysets import may_add_experts
from catalogue.services import (
    IMPORT_KINDS,
    begin_import,
    confirm_import,
    progress_of,
    retry_import,
    table_of,
)
from core.csv import stream_csv, stream_dictionary
from core.errors import DomainError
from core.once import once
from core.typed import sign_in_first, sign_in_then
from core.workbooks import xlsx_response
from hubs.models import Hub

SHOWN = 200  # problems on the page; the file of rejected rows has all
RECENT = 20  # imports on the page of one's own


@sign_in_first
@once
def import_list(request: HttpRequest) -> HttpResponse:
    """/catalogue/import/: choose a file; what one imported before."""
    if not Hub.objects.editable_by(request.user).exists():
        raise PermissionDenied
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ImportForm(data, files, user=request.user, initial={"hub": request.GET.get("hub", "")})
    if form.is_valid():
        given = form.cleaned_data
        try:
            imported = begin_import(
                given["kind"], given["hub"], given["file"], by=signed_in_member(request)
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return redirect(imported)
    context = {
        "form": form,
        "kinds": IMPORT_KINDS.values(),
        "hubs": Hub.objects.editable_by(request.user).published().by_name()[:RECENT],
        "heads": may_add_experts(request.user),
        "imports": Import.objects.visible_to(request.user).select_related("hub")[:RECENT],
    }
    return render(request, "catalogue/imports/import_list.html", context)


@require_safe
@sign_in_first
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """/catalogue/import/<pk>/: how far it is; the report; what was imported."""
    imported = _own(request, pk)
    done, rows = progress_of(imported)
    found = imported.report["problems"]
    context = {
        "imported": imported,
        "kind": IMPORT_KINDS.get(imported.kind),
        "done": done,
        "rows": rows,
        "problems": found[:SHOWN],
        "problem_count": len(found),
        "known": imported.report.get("known_rows", ()),
        "form": _confirmation(imported) if imported.can_run else None,
    }
    return render(request, "catalogue/imports/import_detail.html", context)


@require_POST
@sign_in_then("catalogue:import_detail", "pk")
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Have it imported; what was given up, checked once more."""
    imported, by = _own(request, pk), signed_in_member(request)
    known, again = request.POST.get("known", ""), "again" in request.POST
    try:
        if imported.state == ImportState.FAILED:
            retry_import(imported, by=by)
        else:
            confirm_import(imported, by=by, known=known, again=again)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(imported)


@require_safe
@login_required
def import_rejected(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rows that are wrong, as they were sent, each with what to do: to be corrected."""
    imported = _own(request, pk)
    if not imported.file or not imported.report["problems"]:
        raise Http404
    lines = table_of(imported)
    header = next(lines).cells
    columns = [*(name for name in header if name), "problem"]
    return stream_csv(f"rejected-{pk}.csv", columns, _rejected(imported, header))


def _rejected(imported: Import, header: list[str]) -> Iterator[dict[str, Any]]:
    texts: dict[int, list[str]] = defaultdict(list)
    for row, column, text in imported.report["problems"]:
        texts[row].append(f"{column}: {text}" if column else text)
    for line in table_of(imported):
        if line.row in texts:
            cells = [*line.cells, *[""] * len(header)]
            yield dict(zip(header, cells, strict=False)) | {"problem": "\n".join(texts[line.row])}


@require_safe
@login_required
def import_template(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The columns of a kind as an empty table; what they mean (`?export=dictionary`); both in
    one workbook (`?export=xlsx`).
    """
    if kind not in IMPORT_KINDS:
        raise Http404
    columns = IMPORT_KINDS[kind].columns
    if request.GET.get("export") == "dictionary":
        return stream_dictionary(f"{kind}-columns.csv", columns)
    if request.GET.get("export") == "xlsx":
        return xlsx_response(f"{kind}-template.xlsx", columns, [])
    return stream_csv(f"{kind}-template.csv", list(columns), [])


def _own(request: HttpRequest, pk: int) -> Import:
    imports = Import.objects.visible_to(request.user).select_related("hub")
    imported: Import = get_object_or_404(imports, pk=pk)
    return imported


def _confirmation(imported: Import) -> ConfirmImportForm:
    is_again = Import.objects.of_same_file(imported).exists()
    return ConfirmImportForm(imported=imported, is_again=is_again)
