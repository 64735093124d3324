"""Pages on which figures are reported, changed, sent, and decided on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.http import signed_in_member
from core.errors import DomainError
from core.form_pages import form_page
from core.http import get_allowed, sent_version
from core.once import once
from core.typed import sign_in_first, sign_in_then
from evaluation.forms.updates import (
    EvidencedReportForm,
    NoteForm,
    ReportForm,
    SeriesForm,
    WithdrawForm,
)
from evaluation.models import Evidence, EvidenceKind, Framework, Update
from evaluation.querysets import UpdateQuerySet
from evaluation.services.approving import (
    MOST_AT_ONCE,
    approve_update,
    approve_updates,
    return_update,
    withdraw_update,
)
from evaluation.services.evidence import add_evidence
from evaluation.services.reporting import (
    begin_update,
    change_update,
    recall_update,
    revise_update,
    submit_update,
)
from evaluation.services.units import unit_of
from evaluation.services.update_checks import cells_of, previous_of
from evaluation.views.updates import another_source
from hubs.views.form_pages import writes

FORM = "evaluation/updates/update_form.html"
SMALL_FORM = "evaluation/updates/update_act.html"
SUBMIT = "submit"  # the button that saves and sends


@writes(EvidencedReportForm)
def framework_report(request: HttpRequest, slug: str) -> HttpResponse:
    """/evaluation/frameworks/<slug>/report/?indicator=&period=&unit=: first which, then what."""
    framework = get_object_or_404(Framework.objects.visible_to(request.user), slug=slug)
    by = signed_in_member(request)
    asked = SeriesForm(request.GET or None, framework=framework, user=by)
    if not asked.units():
        raise PermissionDenied
    if not asked.is_valid():
        context = {"form": asked, "framework": framework}
        return render(request, "evaluation/updates/report_choose.html", context)
    chosen = asked.cleaned_data
    indicator, period, unit = chosen["indicator"], chosen["period"], chosen["unit"]
    series = Update.objects.filter(
        indicator=indicator, period=period, hub=unit.hub, exchange=unit.exchange, source_name=""
    )
    there = series.open().first()
    is_another = "another" in request.GET  # source: the figure from the first is begun already
    if there is not None and request.method != "POST" and not is_another:
        is_mine = Update.objects.editable_by(by).contains(there)
        return redirect("evaluation:update_change", there.pk) if is_mine else redirect(there)
    cells = cells_of(indicator.definition)
    made: list[Update] = []

    def make(data: Any) -> ReportForm:
        files = request.FILES if request.method == "POST" else None
        form = EvidencedReportForm(data, files=files, indicator=indicator, cells=cells)
        form.fields["source_name"].required = is_another
        return form

    def save(form: EvidencedReportForm) -> str:
        made.append(begin_update(indicator, period, unit, stated=form.stated(), by=by))
        return _after_saving(request, made[0], form)

    context = {
        "framework": framework,
        "indicator": indicator,
        "period": period,
        "unit": unit.thing,
        "is_another": is_another,
        "previous": None if is_another else previous_of(indicator, period, unit),
        "cancel_url": reverse("evaluation:update_due"),
    }
    return form_page(
        request, make, save, context, done=lambda: made[0].get_absolute_url(), template=FORM
    )


@writes(EvidencedReportForm)
def update_change(request: HttpRequest, pk: int) -> HttpResponse:
    """/evaluation/updates/<pk>/edit/."""
    update = _allowed(request, pk, Update.objects.editable_by(request.user))
    by = signed_in_member(request)
    cells = cells_of(update.indicator.definition)

    def make(data: Any) -> ReportForm:
        files = request.FILES if request.method == "POST" else None
        saved = Update.objects.prefetch_related("cells").get(pk=update.pk)
        return EvidencedReportForm(
            data, files=files, indicator=update.indicator, cells=cells, update=saved
        )

    def save(form: EvidencedReportForm) -> str:
        version = form.cleaned_data["version"] or 0
        saved = change_update(update, stated=form.stated(), expected_version=version, by=by)
        return _after_saving(request, saved, form)

    unit = unit_of(update)
    context = {
        "update": update,
        "framework": update.indicator.result.framework,
        "indicator": update.indicator,
        "period": update.period,
        "unit": unit.thing,
        "previous": previous_of(update.indicator, update.period, unit, update.source_name),
        "another_url": another_source(update),
        "cancel_url": update.get_absolute_url(),
    }
    done = update.get_absolute_url()
    return form_page(request, make, save, context, done=done, template=FORM)


def _after_saving(request: HttpRequest, update: Update, form: EvidencedReportForm) -> str:
    """Add the evidence, send the figure if that button was pressed; return the receipt.

    What was saved stays saved: a refusal of the second step is told on the figure's page.
    """
    by = signed_in_member(request)
    problems = [*_add_evidence(update, form, by)]
    if SUBMIT in request.POST and not problems:
        try:
            submit_update(update, expected_version=update.version, by=by)
        except (DomainError, ValidationError) as error:
            problems += _texts(error)
        else:
            return _("The figure is sent for approval.")
    for text in problems:
        messages.error(request, text)
    return _("The draft is saved.")


def _add_evidence(update: Update, form: EvidencedReportForm, by: Any) -> list[str]:
    data = form.cleaned_data
    if not data.get("evidence_title"):
        return []
    document = data.get("evidence_file")
    evidence = Evidence(
        update=update,
        kind=EvidenceKind.DOCUMENT if document else EvidenceKind.LINK,
        title=data["evidence_title"],
        address=data.get("evidence_address", ""),
        is_confidential=data["evidence_is_confidential"],
    )
    upload: Any = form.files.get(form.add_prefix("evidence_file"))
    try:
        add_evidence(evidence, document, name=upload.name if upload else "", by=by)
    except (DomainError, ValidationError) as error:
        return _texts(error)
    return []


def _texts(error: DomainError | ValidationError) -> list[str]:
    return list(error.messages) if isinstance(error, ValidationError) else [str(error)]


@require_POST
@sign_in_then("evaluation:update_detail", "pk")
@once
def update_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a draft for approval, as it was read."""
    by = signed_in_member(request)

    def act(update: Update) -> str:
        submit_update(update, expected_version=sent_version(request), by=by)
        return _("The figure is sent for approval.")

    return _pressed(request, pk, Update.objects.editable_by(by), act)


@require_POST
@sign_in_then("evaluation:update_detail", "pk")
@once
def update_recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what waits back, to go on with it."""
    by = signed_in_member(request)

    def act(update: Update) -> str:
        recall_update(update, by=by)
        return _("The figure is a draft again.")

    return _pressed(request, pk, Update.objects.recallable_by(by), act)


@require_POST
@sign_in_then("evaluation:update_detail", "pk")
@once
def update_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a figure, as it was read."""
    by = signed_in_member(request)

    def act(update: Update) -> str:
        approve_update(update, expected_version=sent_version(request), by=by)
        return _("The figure is approved.")

    return _pressed(request, pk, Update.objects.approvable_by(by), act)


@require_POST
@sign_in_then("evaluation:update_detail", "pk")
@once
def update_revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a revision of an approved figure."""
    update = _allowed(request, pk, Update.objects.revisable_by(request.user))
    try:
        revision = revise_update(update, by=signed_in_member(request))
    except (DomainError, ValidationError) as error:
        for text in _texts(error):
            messages.error(request, text)
        return redirect(update)
    return redirect("evaluation:update_change", revision.pk)


@writes(NoteForm)
def update_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a figure back, with what has to change."""
    update = _allowed(request, pk, Update.objects.approvable_by(request.user))
    by = signed_in_member(request)

    def save(form: NoteForm) -> str:
        data = form.cleaned_data
        return_update(update, note=data["note"], expected_version=data["version"], by=by)
        return _("The figure is returned; who reported it is told.")

    words = {"title": _("Return the figure"), "button": _("Return")}
    return _small_form(request, update, NoteForm, save, words)


@writes(WithdrawForm)
def update_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a figure out, with a reason."""
    update = _allowed(request, pk, Update.objects.withdrawable_by(request.user))
    by = signed_in_member(request)

    def save(form: WithdrawForm) -> str:
        data = form.cleaned_data
        withdraw_update(update, reason=data["reason"], expected_version=data["version"], by=by)
        return _("The figure is withdrawn.")

    words = {
        "title": _("Withdraw the figure"),
        "lead": _("It counts no more. The row stays, with your reason."),
        "button": _("Withdraw"),
        "button_kind": "bad",
    }
    return _small_form(request, update, WithdrawForm, save, words)


def _small_form(
    request: HttpRequest,
    update: Update,
    form: type[NoteForm | WithdrawForm],
    save: Callable[[Any], str],
    words: dict[str, Any],
) -> HttpResponse:
    def make(data: Any) -> Any:
        return form(data, initial={"version": update.version})

    context = words | {"update": update, "cancel_url": update.get_absolute_url()}
    done = reverse("evaluation:update_list")
    return form_page(request, make, save, context, done=done, template=SMALL_FORM)


@require_POST
@sign_in_first
@once
def updates_approve(request: HttpRequest) -> HttpResponse:
    """Approve all that were ticked, each as it was read; say of each what became of it.

    A box sends "<number>:<version>".
    """
    by = signed_in_member(request)
    versions = dict(filter(None, map(_ticked, request.POST.getlist("update")[:MOST_AT_ONCE])))
    rows = Update.objects.visible_to(by).for_list().in_bulk(list(versions))
    chosen = [(update, versions[pk]) for pk, update in sorted(rows.items())]
    outcomes = approve_updates(chosen, by=by)
    refused = [each for each in outcomes if each.refusal]
    number = len(outcomes) - len(refused)
    if not outcomes:
        messages.warning(request, _("Tick the figures that you approve."))
    elif number:
        text = ngettext("%d figure is approved.", "%d figures are approved.", number)
        messages.success(request, text % number)
    for each in refused:
        words = {"update": str(each.update), "reason": each.refusal}
        messages.error(request, _("Not approved: %(update)s. %(reason)s") % words)
    return redirect(f"{reverse('evaluation:update_list')}?state=submitted")


def _ticked(text: str) -> tuple[int, int] | None:
    pk, _colon, version = text.partition(":")
    is_number = all(each.isascii() and each.isdigit() and len(each) < 10 for each in (pk, version))
    return (int(pk), int(version)) if is_number else None


def _pressed(
    request: HttpRequest, pk: int, allowed: UpdateQuerySet, act: Callable[[Update], str]
) -> HttpResponse:
    update = _allowed(request, pk, allowed)
    try:
        messages.success(request, act(update))
    except (DomainError, ValidationError) as error:
        for text in _texts(error):
            messages.error(request, text)
    return redirect(update)


def _allowed(request: HttpRequest, pk: int, allowed: UpdateQuerySet) -> Update:
    """Return an update: 404 if the reader may not see it, 403 if it is not among `allowed`."""
    visible = Update.objects.visible_to(request.user).for_list()
    found: Update = get_allowed(visible, allowed, pk=pk)
    return found
