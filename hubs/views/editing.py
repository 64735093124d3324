"""Pages on which a hub's people write it: a task list, then one thing a page."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.http import signed_in_member
from core.errors import DomainError, StaleEdit
from core.typed import recall_typed, sign_in_first
from hubs.forms import FACT_FORMS, FactForm, HubForm, RemoveFactForm
from hubs.models import DatedFact, Hub, SelfAssessment
from hubs.profile import SECTIONS, Dimension, profiles_of
from hubs.services import (
    change_fact,
    change_hub,
    create_fact,
    find_or_create_organisation,
    find_or_create_source,
    remove_fact,
    verify_hub,
)
from hubs.wording import details, headline, when

_SECTION = {section.slug: section for section in SECTIONS}


def editable_hub(request: HttpRequest, slug: str) -> Hub:
    """Return a hub to write: 404 if the reader may not see it, 403 if not write it."""
    hub: Hub = get_object_or_404(Hub.objects.visible_to(request.user), slug=slug)
    if not Hub.objects.editable_by(request.user).contains(hub):
        raise PermissionDenied
    return hub


@sign_in_first
def hub_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The task list of a hub's page."""
    hub = editable_hub(request, slug)
    (profile,) = profiles_of([hub], user=request.user)
    sections: list[dict[str, Any]] = [
        {
            "section": section,
            "lines": [
                {"fact": fact, "text": headline(fact), "details": details(fact), "when": when(fact)}
                for fact in profile.facts[section.slug]
            ],
        }
        for section in SECTIONS
    ]
    tasks = [
        {
            "url": reverse("hubs:identity_change", args=[slug]),
            "label": _("Name, countries and sectors"),
            "hint": "",
            "status": _("Stated") if hub.summary else _("No summary yet"),
            "kind": "ok" if hub.summary else "warn",
        },
        *(_task(section["section"], section["lines"]) for section in sections),
        {
            "url": reverse("hubs:assessment_edit", args=[slug]),
            "label": _("Self-assessment"),
            "hint": _("Eight pillars; shown only with the consent of a head."),
            "status": "",
            "kind": "",
        },
        {
            "url": reverse("hubs:membership_list", args=[slug]),
            "label": _("People"),
            "hint": _("Who holds a role in this hub, and who asks for one."),
            "status": "",
            "kind": "",
        },
    ]
    context = {
        "hub": hub,
        "tasks": tasks,
        "sections": sections,
        "can_verify": Hub.objects.verifiable_by(request.user).contains(hub),
        "has_assessment": SelfAssessment.objects.visible_to(request.user).filter(hub=hub).exists(),
    }
    return render(request, "hubs/edit/hub_edit.html", context)


def _task(section: Dimension, lines: list[dict[str, Any]]) -> dict[str, Any]:
    unsourced = sum(not line["fact"].source_list for line in lines)
    count = ngettext("%(number)d fact", "%(number)d facts", len(lines)) % {"number": len(lines)}
    if not lines:
        status, kind = _("Not stated yet"), "warn"
    elif unsourced:
        missing = ngettext("%(number)d without source", "%(number)d without source", unsourced) % {
            "number": unsourced
        }
        status, kind = f"{count}, {missing}", "warn"
    else:
        status, kind = count, "ok"
    return {
        "url": f"#{section.slug}",
        "label": section.title,
        "hint": section.question,
        "status": status,
        "kind": kind,
    }


@sign_in_first
def identity_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what names and finds the hub."""
    hub = editable_hub(request, slug)
    context = {"hub": hub, "title": _("Name, countries and sectors")}

    def save(form: HubForm) -> str:
        change_hub(
            hub,
            changes=form.columns(),
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The hub was saved.")

    return _form_page(
        request, lambda data: HubForm(data, instance=_fresh(hub)), save, context, hub=hub
    )


@sign_in_first
def fact_add(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """State a new fact."""
    hub = editable_hub(request, slug)
    form_class = _form_class(kind)
    context = {"hub": hub, "title": _SECTION[kind].title, "question": _SECTION[kind].question}

    def save(form: FactForm) -> str:
        with transaction.atomic():
            columns, sources = _columns_and_sources(form, request)
            fact = form._meta.model(hub=hub, **columns)
            create_fact(fact, sources=sources, by=signed_in_member(request))
        return _("The fact was added.")

    return _form_page(request, lambda data: form_class(data, hub=hub), save, context, hub=hub)


@sign_in_first
def fact_change(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Change a fact."""
    hub = editable_hub(request, slug)
    form_class = _form_class(kind)
    fact = _fact(hub, kind, pk)
    context = {
        "hub": hub,
        "title": _SECTION[kind].title,
        "question": headline(fact),
        "remove_url": reverse("hubs:fact_remove", args=[slug, kind, pk]),
    }

    def save(form: FactForm) -> str:
        with transaction.atomic():
            columns, sources = _columns_and_sources(form, request)
            change_fact(
                fact,
                changes=columns,
                sources=sources,
                expected_version=form.cleaned_data["version"] or 0,
                by=signed_in_member(request),
            )
        return _("The fact was saved.")

    return _form_page(
        request,
        lambda data: form_class(data, instance=_fact(hub, kind, pk), hub=hub),
        save,
        context,
        hub=hub,
    )


@sign_in_first
def fact_remove(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Remove a fact that should never have been stated."""
    hub = editable_hub(request, slug)
    _form_class(kind)
    fact = _fact(hub, kind, pk)
    context = {
        "hub": hub,
        "title": _("Remove this fact"),
        "question": headline(fact),
        "button": _("Remove"),
        "button_kind": "bad",
    }

    def save(form: RemoveFactForm) -> str:
        remove_fact(
            fact,
            reason=form.cleaned_data["reason"],
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The fact was removed. The history keeps it.")

    def make(data: Any) -> RemoveFactForm:
        return RemoveFactForm(data) if data is not None else RemoveFactForm.for_fact(fact)

    return _form_page(request, make, save, context, hub=hub)


@require_POST
@sign_in_first
def hub_verify(request: HttpRequest, slug: str) -> HttpResponse:
    """Mark the page as checked today."""
    hub = get_object_or_404(Hub.objects.visible_to(request.user), slug=slug)
    verify_hub(hub, by=signed_in_member(request))
    messages.success(request, _("The page is marked as verified today."))
    return redirect(hub)


def _form_page(
    request: HttpRequest,
    make: Callable[[Any], Any],
    save: Callable[[Any], str],
    context: dict[str, Any],
    *,
    hub: Hub,
) -> HttpResponse:
    """Show a form, or save it and go back to the task list; nothing typed is ever lost."""
    data = request.POST if request.method == "POST" else recall_typed(request)
    form: Form = make(data)
    status = HTTPStatus.OK
    if data is not None and request.method != "POST":
        messages.warning(request, _("What you typed was kept. It is not saved yet."))
    elif data is not None and form.is_valid():
        try:
            messages.success(request, save(form))
        except StaleEdit as error:
            form = _with_version(make, request, error.version)
            context |= _conflict(form, error, request)
            status = HTTPStatus.CONFLICT
        except ValidationError as error:
            _add_errors(form, error)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("hubs:hub_edit", hub.slug)
    context |= {"form": form}
    return render(request, "hubs/edit/form.html", context, status=status)


def _with_version(make: Callable[[Any], Any], request: HttpRequest, version: int) -> Any:
    """Return the form as it was typed, made from the version that is saved now."""
    typed = request.POST.copy()
    typed["version"] = str(version)
    form = make(typed)
    form.is_valid()
    return form


def _conflict(form: Any, error: StaleEdit, request: HttpRequest) -> dict[str, Any]:
    """Return both texts of each field in which they differ."""
    fields = []
    for name, saved in error.saved.items():
        if name not in form.fields:
            continue
        mine = _readable(form, name)
        if mine != _text(saved):
            fields.append({"label": form[name].label, "mine": mine, "saved": _text(saved)})
    return {"conflict": fields, "conflict_text": str(error)}


def _readable(form: Any, name: str) -> str:
    """Return what was typed in a field as the saved value would be written."""
    value = form.cleaned_data.get(name, form[name].value())
    choices = dict(getattr(form.fields[name], "choices", ()) or ())
    if isinstance(value, str) and value in choices and name not in ("language", "currency"):
        return str(choices[value])
    return _text(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(str(item) for item in value)
    return str(value)


def _add_errors(form: Any, error: ValidationError) -> None:
    """Show what a service found wrong at the field, or above the form."""
    for name, problems in getattr(error, "error_dict", {"__all__": error.error_list}).items():
        form.add_error(name if name in form.fields else None, problems)


def _columns_and_sources(form: FactForm, request: HttpRequest) -> tuple[dict[str, Any], list[Any]]:
    """Return the columns and the sources of a fact, new ones saved on the way."""
    by = signed_in_member(request)
    columns, sources = form.columns(), list(form.cleaned_data["sources"])
    new_organisation = form.new_organisation()
    if new_organisation is not None:
        field = form.organisation_field  # type: ignore[attr-defined]
        columns[field] = find_or_create_organisation(**new_organisation, by=by)
    new_source = form.new_source()
    if new_source is not None:
        sources.append(find_or_create_source(**new_source, by=by))
    return columns, sources


def _form_class(kind: str) -> type[FactForm]:
    if kind not in FACT_FORMS:
        raise Http404
    return FACT_FORMS[kind]


def _fact(hub: Hub, kind: str, pk: int) -> DatedFact:
    model = _SECTION[kind].model
    fact: DatedFact = get_object_or_404(model.objects.filter(hub=hub), pk=pk)
    return fact


def _fresh(hub: Hub) -> Hub:
    """Return the hub as saved: a form writes what was typed into its instance."""
    return Hub.objects.get(pk=hub.pk)
