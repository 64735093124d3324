"""Uploading many figures: the table to fill in, the check, the confirmation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.http import signed_in_member
from core.csv import stream_csv
from core.errors import DomainError
from core.once import once
from core.owed import progress_of
from core.typed import sign_in_first
from core.workbooks import read_table, xlsx_response
from evaluation.forms.uploads import UploadForm
from evaluation.models import Framework, Indicator, Period, UpdateUpload, UploadState
from evaluation.numbers import MACHINE
from evaluation.services.units import exchanges_reporting, hubs_reporting
from evaluation.services.update_upload import template_columns
from evaluation.services.upload_steps import (
    begin_upload,
    confirm_upload,
    report_on,
    retry_upload,
)

PERIODS = 24  # for which a table to fill in is offered
WORKBOOK = b"PK\x03\x04"
MEANINGS = {
    "indicator": gettext_lazy("Code of the indicator in the library."),
    "indicator_id": gettext_lazy("Its number; only where the framework has one several times."),
    "period_start": gettext_lazy("First day of the period, as 2026-01-31."),
    "hub": gettext_lazy("The hub that reports, by its name in addresses; or:"),
    "exchange": gettext_lazy("The exchange."),
    "value": gettext_lazy("The figure; empty is not reported, 0 a reported zero."),
    "score": gettext_lazy("Level on the scale, from 0."),
    "source_name": gettext_lazy("Only where the unit reports from several sources."),
    "is_additive": gettext_lazy("true: it adds to the unit’s other sources."),
}


@sign_in_first
@once
def framework_upload(request: HttpRequest, slug: str) -> HttpResponse:
    """/evaluation/frameworks/<slug>/upload/: choose a table."""
    framework = _framework(request, slug)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = UploadForm(data, files)
    if form.is_valid():
        try:
            upload = _kept(request, framework, form)
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return redirect(upload)
    periods = Period.objects.filter(framework=framework).order_by("-starts_on", "frequency")
    context = {"framework": framework, "form": form, "periods": periods[:PERIODS]}
    return render(request, "evaluation/updates/upload.html", context)


def _kept(request: HttpRequest, framework: Framework, form: UploadForm) -> UpdateUpload:
    file = form.cleaned_data["file"]
    start = file.read(len(WORKBOOK))
    file.seek(0)
    # In a workbook numbers are numbers, and are read from it with a point.
    language = MACHINE if start == WORKBOOK else form.cleaned_data["language"]
    return begin_upload(
        framework,
        read_table(file),
        language=language,
        is_sent=form.cleaned_data["is_sent"],
        by=signed_in_member(request),
    )


@sign_in_first
@once
def upload_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """/evaluation/uploads/<pk>/: how far it is; what the table would do, and did; take it."""
    by = signed_in_member(request)
    uploads = UpdateUpload.objects.visible_to(by).select_related("framework", "member")
    upload = get_object_or_404(uploads.defer("rows"), pk=pk)
    if request.method == "POST":
        ask = retry_upload if upload.state == UploadState.FAILED else confirm_upload
        try:
            ask(upload, by=by)
        except DomainError as error:
            messages.error(request, str(error))
        return redirect(upload)
    context = {"upload": upload, "report": report_on(upload), "done": progress_of(upload)}
    return render(request, "evaluation/updates/upload_detail.html", context)


@require_safe
@login_required
def upload_template(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The table to fill in: a row an indicator and unit of the period `?period=`."""
    framework = _framework(request, slug)
    columns = template_columns(framework)
    periods = Period.objects.filter(framework=framework)
    text = request.GET.get("period", "")
    is_number = text.isascii() and text.isdigit() and len(text) < 10
    period = get_object_or_404(periods, pk=int(text)) if is_number else periods.first()
    rows = list(_rows(request, framework, period, columns))
    if request.GET.get("export") == "xlsx":
        meanings = {name: MEANINGS.get(name, "") for name in columns}
        return xlsx_response(f"figures-{slug}.xlsx", meanings, rows)
    return stream_csv(f"figures-{slug}.csv", columns, rows)


def _rows(
    request: HttpRequest, framework: Framework, period: Period | None, columns: list[str]
) -> Iterator[dict[str, Any]]:
    if period is None:
        return
    empty = dict.fromkeys(columns, "")
    units = [{"hub": each.slug} for each in hubs_reporting(framework, request.user)]
    units += [{"exchange": each.slug} for each in exchanges_reporting(framework, request.user)]
    indicators = Indicator.objects.reportable_by(request.user).filter(
        result__framework=framework, frequency=period.frequency
    )
    codes = indicators.order_by("result__position", "position", "pk")
    for code, pk in codes.values_list("definition__definition__code", "pk"):
        for unit in units:
            which = {"indicator": code, "indicator_id": pk}
            yield empty | which | {"period_start": period.starts_on.isoformat()} | unit


def _framework(request: HttpRequest, slug: str) -> Framework:
    framework = get_object_or_404(Framework.objects.visible_to(request.user), slug=slug)
    indicators = Indicator.objects.reportable_by(request.user)
    if not indicators.filter(result__framework=framework).exists():
        raise PermissionDenied(_("You do not report on this framework."))
    return framework
