"""/evaluation/gaps/: where little is shared, as page and as file."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.csv import stream_csv
from core.shared_pages import shared_page
from evaluation.forms.gaps import GapForm
from evaluation.gaps import GROUPS
from evaluation.serializers.gaps import GAP_COLUMNS, gap_row

# By which groups each list can be narrowed down.
_LISTS = {
    "catalogue:entry_list": {"sector", "instrument", "region", "country"},
    "evaluation:exchange_list": {"sector", "instrument", "country"},
}


@require_safe
@shared_page
def gaps(request: HttpRequest) -> HttpResponseBase:
    """Show the categories that were asked for; with `export=csv` as a file."""
    data = {name: request.GET[name] for name in request.GET}
    form = GapForm.of_query(data)
    rows = form.rows(request.user)
    if data.get("export") == "csv":
        if not form.is_valid():
            return HttpResponse(
                form.errors.as_text(),
                status=HTTPStatus.BAD_REQUEST,
                content_type="text/plain; charset=utf-8",
            )
        return stream_csv(f"gaps-by-{form.group()}.csv", GAP_COLUMNS, map(gap_row, rows))
    group = form.group() if form.is_valid() else "sector"
    asked = {name: value for name, value in data.items() if name in form.fields}
    context = {
        "form": form,
        "group": group,
        "caption": GROUPS[group],
        "lines": [
            {
                "gap": gap,
                "experiences_url": _listed("catalogue:entry_list", group, gap.code),
                "exchanges_url": _listed("evaluation:exchange_list", group, gap.code),
            }
            for gap in rows
        ],
        "csv_url": f"?{urlencode(asked | {'export': 'csv'})}",
    }
    return render(request, "evaluation/gaps.html", context)


def _listed(name: str, group: str, code: str) -> str:
    """Return the address of the list of a category's things; "" where it cannot be asked for."""
    return f"{reverse(name)}?{urlencode({group: code})}" if code and group in _LISTS[name] else ""
