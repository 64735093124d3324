"""Asking for figures by a link, and the pages that somebody with a link sees."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import signed_in_member
from core.cache import count_up
from core.errors import DomainError
from core.form_pages import form_page
from core.http import get_allowed
from core.once import once, once_by_link
from core.typed import sign_in_first
from evaluation.forms.updates import LinkForm, LinkReporterForm, ReportForm
from evaluation.models import Framework, Indicator, ReportingLink
from evaluation.services.reporting_links import (
    LinkGone,
    make_link,
    report_by_link,
    revoke_link,
    usable_link,
    used_link,
)
from evaluation.services.units import Unit
from evaluation.services.update_checks import cells_of, previous_of
from hubs.views.form_pages import writes

SHOWN = 50  # links on the page of a framework
MOST_GUESSES = 30  # wrong links from one address in
GUESSING_SECONDS = 600


@writes(LinkForm)
def framework_links(request: HttpRequest, slug: str) -> HttpResponse:
    """/evaluation/frameworks/<slug>/links/: ask somebody without an account; what was asked."""
    framework = get_object_or_404(Framework.objects.visible_to(request.user), slug=slug)
    by = signed_in_member(request)
    if not Indicator.objects.reportable_by(by).filter(result__framework=framework).exists():
        raise PermissionDenied

    def save(form: LinkForm) -> str:
        data = form.cleaned_data
        link, address = make_link(
            list(data["indicators"]),
            data["period"],
            data["unit"],
            reporter=form.reporter(),
            days=data["days"],
            by=by,
        )
        if link.reporter_email:
            return _("The link is on its way to %(name)s.") % {"name": link.reporter_name}
        return _("The link, shown this once: %(address)s") % {"address": address}

    links = ReportingLink.objects.visible_to(by).filter(period__framework=framework)
    context = {
        "framework": framework,
        "links": links.with_maker().select_related("period", "hub", "exchange", "made_by")[:SHOWN],
    }
    return form_page(
        request,
        lambda data: LinkForm(data, framework=framework, user=by),
        save,
        context,
        done=reverse("evaluation:framework_links", args=[slug]),
        template="evaluation/updates/link_list.html",
    )


@require_POST
@sign_in_first
@once
def link_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a link before its time."""
    by = signed_in_member(request)
    links = ReportingLink.objects.visible_to(by).select_related("period__framework")
    link = get_allowed(links, ReportingLink.objects.revocable_by(by), pk=pk)
    revoke_link(link, by=by)
    messages.success(request, _("The link works no more."))
    return redirect("evaluation:framework_links", link.period.framework.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@once_by_link
def report_by_link_page(request: HttpRequest, token: str) -> HttpResponse:
    """/evaluation/report/<token>/: report without an account, once.

    Looking never uses the link up: programs that look into mails follow every link. Guessing
    is slowed down as at the sign-in page.
    """
    return _by_link(request, token, usable_link, _report)


@require_safe
def report_thanks(request: HttpRequest, token: str) -> HttpResponse:
    """/evaluation/report/<token>/thanks/: that the figures arrived, for an hour."""
    return _by_link(request, token, used_link, _thanks)


def _by_link(
    request: HttpRequest,
    token: str,
    find: Callable[[str], ReportingLink],
    show: Callable[[HttpRequest, str, ReportingLink], HttpResponse],
) -> HttpResponse:
    key = f"reporting-link:{get_adapter().get_client_ip(request)}"
    if int(cache.get(key, 0)) >= MOST_GUESSES:
        return _private(render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS))
    try:
        link = find(token)
    except LinkGone as error:
        count_up(key, GUESSING_SECONDS)
        return _private(_gone(request, error))
    # The mail was in the reporter's language; what they chose in the portal goes before.
    if not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
        with translation.override(link.language):
            return _private(show(request, token, link))
    return _private(show(request, token, link))


def _thanks(request: HttpRequest, token: str, link: ReportingLink) -> HttpResponse:
    context = {"link": link, "unit": Unit(link.hub, link.exchange).thing}
    return render(request, "evaluation/updates/link_done.html", context)


def _report(request: HttpRequest, token: str, link: ReportingLink) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    unit = Unit(link.hub, link.exchange)
    who = LinkReporterForm(data, initial={"author_name": link.reporter_name})
    parts = [_part(indicator, link, unit, data) for indicator in _indicators(link)]
    forms: list[Any] = [part["form"] for part in parts]
    # Each is asked, so that each tells its errors.
    is_valid = [form.is_valid() for form in (who, *forms)]
    if data is not None and all(is_valid):
        try:
            _write(token, who, forms)
        except LinkGone as error:
            return _gone(request, error)
        except ValidationError as error:
            _place(error, who, {form.prefix: form for form in forms})
        except DomainError as error:
            who.add_error(None, str(error))
        else:
            return redirect("evaluation:report_thanks", token)
    context: dict[str, Any] = {
        "link": link,
        "unit": unit.thing,
        "who": who,
        "parts": parts,
        "all_forms": [who, *forms],
        "has_errors": any(form.errors for form in (who, *forms)),
    }
    response = render(request, "evaluation/updates/link_report.html", context)
    response.headers["Content-Language"] = translation.get_language() or "en"
    return response


def _indicators(link: ReportingLink) -> list[Indicator]:
    rows = link.indicators.select_related("definition", "result__framework")
    return list(rows.order_by("result__position", "position", "pk"))


def _part(indicator: Indicator, link: ReportingLink, unit: Unit, data: Any) -> dict[str, Any]:
    form = ReportForm(
        data,
        indicator=indicator,
        cells=cells_of(indicator.definition),
        is_brief=True,
        prefix=str(indicator.pk),
    )
    previous = previous_of(indicator, link.period, unit)
    return {"indicator": indicator, "form": form, "previous": previous}


def _write(token: str, who: LinkReporterForm, forms: list[ReportForm]) -> None:
    reports = {form.indicator.pk: form.stated() for form in forms if not form.is_blank()}
    report_by_link(token, reports, author_name=who.cleaned_data["author_name"])


def _place(error: ValidationError, who: LinkReporterForm, forms: dict[Any, ReportForm]) -> None:
    """Show what the service found wrong at its field, or above all."""
    problems = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, texts in problems.items():
        prefix, _dash, column = name.partition("-")
        form = forms.get(prefix)
        if form is not None and column in form.fields:
            form.add_error(column, texts)
        else:
            who.add_error(None, texts)


def _gone(request: HttpRequest, error: LinkGone) -> HttpResponse:
    """Answer the same for a link that never was and for one that is over."""
    context = {"text": str(error)}
    return render(request, "evaluation/updates/link_gone.html", context, status=HTTPStatus.GONE)


def _private(response: HttpResponse) -> HttpResponse:
    """Let nobody keep the page, and no other site learn its address.

    Not "no-referrer": browsers would then send the form with no origin, which is refused.
    """
    patch_cache_control(response, no_store=True, private=True)
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
