"""Pages on which a framework is begun and written: its results, indicators, targets, periods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from core.errors import DomainError
from core.http import get_allowed
from core.typed import sign_in_then
from evaluation.forms.frameworks import (
    BeginForm,
    FrameworkForm,
    IndicatorForm,
    LeaveForm,
    PeriodsForm,
    ResultForm,
    TargetForm,
)
from evaluation.matrix import branches_of
from evaluation.models import Framework, Indicator, Period, Result, Target
from evaluation.services.frameworks import (
    begin_framework,
    change_framework,
    publish_framework,
    remove_indicator,
    remove_result,
    save_indicator,
    save_result,
    set_target,
    start_from_template,
)
from evaluation.services.locks import allow_late_report, is_locked, lock_period, unlock_period
from evaluation.services.periods import make_periods, remove_period
from hubs.models import Hub
from hubs.views.form_pages import form_page, writes

TEMPLATE = "evaluation/form.html"


@writes(BeginForm)
def framework_begin(request: HttpRequest) -> HttpResponse:
    """Begin a framework of a hub, empty or from a template."""
    by = signed_in_member(request)
    if not Hub.objects.assessable_by(by).exists():
        raise PermissionDenied
    made: list[Framework] = []

    def save(form: BeginForm) -> str:
        said = form.cleaned_data
        if said["template"]:
            made.append(
                start_from_template(
                    said["template"],
                    hub=said["hub"],
                    title=said["title"],
                    starts_on=said["starts_on"],
                    ends_on=said["ends_on"],
                    by=by,
                )
            )
            return _("The framework is there. Add baselines and targets, then publish it.")
        columns = {name: said[name] for name in ("title", "starts_on", "ends_on")}
        made.append(begin_framework(hub=said["hub"], columns=columns, by=by))
        return _("The framework is there. Add what is hoped for.")

    initial = {"template": request.GET.get("template", "")[:100]}
    context = {
        "title": _("Begin a framework"),
        "cancel_url": reverse("evaluation:framework_list"),
        "button": _("Begin"),
    }
    return form_page(
        request,
        lambda data: BeginForm(data, user=by, initial=initial),
        save,
        context,
        done=lambda: reverse("evaluation:framework_edit", args=[made[0].slug]),
        template=TEMPLATE,
    )


@require_safe
@sign_in_then("evaluation:framework_detail", "slug")
def framework_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be written in a framework: one thing a page."""
    framework = _framework(request, slug)
    results = list(
        Result.objects.filter(framework=framework)
        .prefetch_related("indicators__definition", "indicators__targets")
        .order_by("position", "pk")
    )
    periods = list(
        Period.objects.filter(framework=framework)
        .select_related("framework")
        .order_by("frequency", "starts_on")
    )
    context = {
        "framework": framework,
        "results": results,
        "branches": branches_of(results),
        "periods": [(period, is_locked(period)) for period in periods],
        "can_lock": Framework.objects.lockable_by(request.user).contains(framework),
    }
    return render(request, "evaluation/framework_edit.html", context)


@writes(FrameworkForm)
def framework_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change title, summary, dates."""
    framework = _framework(request, slug)

    def save(form: FrameworkForm) -> str:
        change_framework(
            framework,
            changes=form.columns(),
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The framework was saved.")

    def make(data: Any) -> FrameworkForm:
        # As saved: a form writes what was typed into its instance.
        return FrameworkForm(data, instance=Framework.objects.get(pk=framework.pk))

    context = _context(framework, _("What it is"))
    done = context["cancel_url"]
    return form_page(request, make, save, context, done=done, row=framework, template=TEMPLATE)


@writes(ResultForm)
def result_write(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """Add a result, or change one."""
    framework = _framework(request, slug)
    result = get_object_or_404(Result, framework=framework, pk=pk) if pk else None

    def make(data: Any) -> ResultForm:
        instance = Result.objects.get(pk=pk) if pk else Result(framework=framework)
        return ResultForm(
            data, instance=instance, framework=framework, user=signed_in_member(request)
        )

    def save(form: ResultForm) -> str:
        save_result(
            framework,
            result,
            columns=form.columns(),
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The result was saved.")

    context = _context(framework, _("Change a result") if result else _("Add a result"))
    done = context["cancel_url"]
    return form_page(request, make, save, context, done=done, row=result, template=TEMPLATE)


@writes(IndicatorForm)
def indicator_write(
    request: HttpRequest, slug: str, result_pk: int, pk: int | None = None
) -> HttpResponse:
    """Add an indicator to a result, or change one."""
    framework = _framework(request, slug)
    result = get_object_or_404(Result, framework=framework, pk=result_pk)
    indicator = get_object_or_404(Indicator, result=result, pk=pk) if pk else None

    def make(data: Any) -> IndicatorForm:
        instance = Indicator.objects.get(pk=pk) if pk else Indicator(result=result)
        return IndicatorForm(
            data, instance=instance, framework=framework, user=signed_in_member(request)
        )

    def save(form: IndicatorForm) -> str:
        save_indicator(
            result,
            indicator,
            columns=form.columns(),
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The indicator was saved.")

    context = _context(framework, _("Change an indicator") if pk else _("Add an indicator"))
    done = context["cancel_url"]
    return form_page(request, make, save, context, done=done, row=indicator, template=TEMPLATE)


@require_POST
@sign_in_then("evaluation:framework_detail", "slug")
def result_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take out a result on which nothing hangs."""
    framework = _framework(request, slug)
    result = get_object_or_404(Result, framework=framework, pk=pk)
    by = signed_in_member(request)
    return _act(request, framework, lambda: remove_result(result, by=by), _("Removed."))


@require_POST
@sign_in_then("evaluation:framework_detail", "slug")
def indicator_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take out an indicator on which nobody reported."""
    framework = _framework(request, slug)
    indicator = get_object_or_404(Indicator, result__framework=framework, pk=pk)
    by = signed_in_member(request)
    return _act(request, framework, lambda: remove_indicator(indicator, by=by), _("Removed."))


@writes(TargetForm)
def target_write(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Set the target of an indicator for a period (`?period=`), or for the whole life."""
    framework = _framework(request, slug)
    indicator = get_object_or_404(
        Indicator.objects.select_related("result__framework", "definition"),
        result__framework=framework,
        pk=pk,
    )
    period = _period_asked(request, framework)

    def make(data: Any) -> TargetForm:
        kept = Target.objects.filter(indicator=indicator, period=period).first()
        return TargetForm(data, instance=kept or Target(indicator=indicator, period=period))

    def save(form: TargetForm) -> str:
        set_target(
            indicator,
            period,
            columns=form.columns(),
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The target was saved.")

    title = _("Target of %(period)s") % {"period": period} if period else _("Target for life")
    context = _context(framework, title) | {"lead": str(indicator)}
    return form_page(request, make, save, context, done=context["cancel_url"], template=TEMPLATE)


@writes(PeriodsForm)
def period_make(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the periods of a frequency."""
    framework = _framework(request, slug)

    def save(form: PeriodsForm) -> str:
        number = make_periods(
            framework,
            frequency=form.cleaned_data["frequency"],
            until=form.cleaned_data["until"],
            by=signed_in_member(request),
        )
        return _("New periods: %(number)s.") % {"number": number}

    context = _context(framework, _("Make periods"))
    return form_page(
        request, PeriodsForm, save, context, done=context["cancel_url"], template=TEMPLATE
    )


@require_POST
@sign_in_then("evaluation:framework_detail", "slug")
def period_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take out a period on which nothing stands."""
    framework = _framework(request, slug)
    period = get_object_or_404(Period, framework=framework, pk=pk)
    by = signed_in_member(request)
    return _act(request, framework, lambda: remove_period(period, by=by), _("Removed."))


@require_POST
@sign_in_then("evaluation:framework_detail", "slug")
def period_lock(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Close a period to reports, or take that back (`unlock`)."""
    framework = _framework(request, slug, right="lockable_by")
    period = get_object_or_404(Period, framework=framework, pk=pk)
    by = signed_in_member(request)
    if "unlock" in request.POST:
        return _act(request, framework, lambda: unlock_period(period, by=by), _("Unlocked."))
    return _act(request, framework, lambda: lock_period(period, by=by), _("Locked."))


@writes(LeaveForm)
def period_open(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Give leave to report on a locked period, until a moment and with a reason."""
    framework = _framework(request, slug, right="lockable_by")
    period = get_object_or_404(Period, framework=framework, pk=pk)

    def save(form: LeaveForm) -> str:
        allow_late_report(period, **form.cleaned_data, by=signed_in_member(request))
        return _("The period is open until then.")

    context = _context(framework, _("Open %(period)s for late reports") % {"period": period})
    return form_page(
        request,
        lambda data: LeaveForm(data, framework=framework),
        save,
        context,
        done=context["cancel_url"],
        template=TEMPLATE,
    )


@require_POST
@sign_in_then("evaluation:framework_detail", "slug")
def framework_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a framework to everybody, or take it back (`withdraw`)."""
    framework = _framework(request, slug)
    is_published = "withdraw" not in request.POST
    by = signed_in_member(request)
    done = _("Everybody sees it now.") if is_published else _("Only its people see it now.")
    return _act(
        request,
        framework,
        lambda: publish_framework(framework, is_published=is_published, by=by),
        done,
    )


def _framework(request: HttpRequest, slug: str, *, right: str = "editable_by") -> Framework:
    """Return the framework; 404 for who may not see it, 403 for who may not write it."""
    allowed = getattr(Framework.objects, right)(request.user)
    framework: Framework = get_allowed(
        Framework.objects.visible_to(request.user), allowed, slug=slug
    )
    return framework


def _period_asked(request: HttpRequest, framework: Framework) -> Period | None:
    pk = request.GET.get("period", "")
    if not pk:
        return None
    known = pk.isascii() and pk.isdigit() and len(pk) < 19
    return get_object_or_404(Period, framework=framework, pk=int(pk) if known else 0)


def _context(framework: Framework, title: str) -> dict[str, Any]:
    return {
        "title": title,
        "part": framework,
        "cancel_url": reverse("evaluation:framework_edit", args=[framework.slug]),
    }


def _act(
    request: HttpRequest, framework: Framework, act: Callable[[], object], done: str
) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("evaluation:framework_edit", framework.slug)
