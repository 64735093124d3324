"""/evaluation/guideline/: the four moments, checklists, and where to start."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.csv import stream_csv
from core.shared_pages import shared_page
from evaluation.guideline import MOMENTS, Moment
from evaluation.models import Framework, IndicatorDefinition

COLUMNS = ["moment", "kind", "text", "answer", "use"]


@require_safe
@shared_page
def guideline(request: HttpRequest) -> HttpResponseBase:
    """The moments, the templates and the library; all questions and checklists as CSV."""
    if request.GET.get("export") == "csv":
        return stream_csv("guideline.csv", COLUMNS, _rows(MOMENTS))
    templates = Framework.objects.visible_to(request.user).templates().published()
    context = {
        "moments": MOMENTS,
        "templates": list(templates.order_by("slug")),
        "indicators": IndicatorDefinition.objects.described().in_use().count(),
    }
    return render(request, "evaluation/guideline.html", context)


@require_safe
@shared_page
def questionnaire(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One moment, to be printed and filled in, or taken as CSV."""
    moment = next((each for each in MOMENTS if each.slug == slug), None)
    if moment is None:
        raise Http404
    if request.GET.get("export") == "csv":
        return stream_csv(f"questions-{moment.slug}.csv", COLUMNS, _rows((moment,)))
    return render(request, "evaluation/questionnaire.html", {"moment": moment})


def _rows(moments: tuple[Moment, ...]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for moment in moments:
        rows += [
            {
                "moment": str(moment.title),
                "kind": _("Question"),
                "text": str(question.text),
                "answer": str(question.answer),
                "use": str(question.use),
            }
            for question in moment.questions
        ]
        rows += [
            {
                "moment": str(moment.title),
                "kind": _("Checklist"),
                "text": str(item),
                "answer": _("yes or no"),
                "use": "",
            }
            for item in moment.checklist
        ]
    return rows
