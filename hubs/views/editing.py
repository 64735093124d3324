"""Pages on which a hub's people write it, one thing a page."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.http import signed_in_member
from core.http import get_allowed
from hubs.forms import FACT_FORMS, FactForm, HubForm, RemoveFactForm
from hubs.models import DatedFact, Hub
from hubs.profile import SECTIONS
from hubs.services import (
    change_fact,
    change_hub,
    create_fact,
    find_or_create_organisation,
    find_or_create_source,
    remove_fact,
)
from hubs.views.form_pages import Labels, form_page, writes
from hubs.wording import headline

_SECTION = {section.slug: section for section in SECTIONS}


def editable_hub(request: HttpRequest, slug: str) -> Hub:
    """Return a hub to write: 404 if the reader may not see it, 403 if not write it."""
    user, hubs = request.user, Hub.objects
    hub: Hub = get_allowed(hubs.visible_to(user), hubs.editable_by(user), slug=slug)
    return hub


def _fact_labels(*, kind: str, **_address: object) -> Labels:
    fields = FACT_FORMS[kind].base_fields if kind in FACT_FORMS else {}
    return {name: field.label for name, field in fields.items()}


@writes(HubForm)
def identity_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what names and finds the hub."""
    hub = editable_hub(request, slug)

    def make(data: Any) -> HubForm:
        # As saved: a form writes what was typed into its instance.
        files = request.FILES if data is not None else None
        return HubForm(data, files, instance=Hub.objects.get(pk=hub.pk), user=request.user)

    def save(form: HubForm) -> str:
        change_hub(
            hub,
            changes=form.columns(),
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The hub was saved.")

    context = {"hub": hub, "title": _("Name, countries and sectors")}
    done = reverse("hubs:hub_edit", args=[slug])
    return form_page(request, make, save, context, done=done, row=hub)


@writes(_fact_labels)
def fact_add(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """State a new fact."""
    hub = editable_hub(request, slug)
    form_class = _form_class(kind)

    def save(form: FactForm) -> str:
        with transaction.atomic():
            columns, sources = _columns_and_sources(form, request)
            fact = form._meta.model(hub=hub, **columns)
            create_fact(fact, sources=sources, by=signed_in_member(request))
        return _receipt(_("The fact was added."), fact, kind)

    context = _context(hub, kind, question=_SECTION[kind].question)
    return form_page(
        request,
        lambda data: form_class(data, hub=hub),
        save,
        context,
        done=reverse("hubs:hub_edit", args=[slug]),
    )


@writes(_fact_labels)
def fact_change(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Change a fact."""
    hub = editable_hub(request, slug)
    form_class = _form_class(kind)

    def save(form: FactForm) -> str:
        with transaction.atomic():
            columns, sources = _columns_and_sources(form, request)
            saved = change_fact(
                fact,
                changes=columns,
                sources=sources,
                expected_version=form.cleaned_data["version"] or 0,
                by=signed_in_member(request),
            )
        return _receipt(_("The fact was saved."), saved, kind)

    try:
        fact = _fact(hub, kind, pk)
        context = _context(hub, kind, question=headline(fact)) | {
            "remove_url": reverse("hubs:fact_remove", args=[slug, kind, pk])
        }
        return form_page(
            request,
            lambda data: form_class(data, instance=_fact(hub, kind, pk), hub=hub),
            save,
            context,
            done=reverse("hubs:hub_edit", args=[slug]),
            row=fact,
            tells_removal=False,
        )
    except ObjectDoesNotExist as error:
        if request.method == "POST" and _was_removed(hub, kind, pk):
            return _typed_for_removed(request, hub, kind)
        raise Http404 from error


@writes(RemoveFactForm)
def fact_remove(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Remove a fact that should never have been stated."""
    hub = editable_hub(request, slug)
    _form_class(kind)
    try:
        fact = _fact(hub, kind, pk)
        context = _context(hub, kind, question=headline(fact)) | {
            "title": _("Remove this fact"),
            "button": _("Remove"),
            "button_kind": "bad",
        }

        def make(data: Any) -> RemoveFactForm:
            return RemoveFactForm(data) if data is not None else RemoveFactForm.for_fact(fact)

        def save(form: RemoveFactForm) -> str:
            remove_fact(
                fact,
                reason=form.cleaned_data["reason"],
                expected_version=form.cleaned_data["version"],
                by=signed_in_member(request),
            )
            return _("The fact was removed. The history keeps it.")

        done = reverse("hubs:hub_edit", args=[slug])
        return form_page(request, make, save, context, done=done, row=fact, tells_removal=False)
    except ObjectDoesNotExist as error:
        if request.method == "POST" and _was_removed(hub, kind, pk):
            return redirect("hubs:hub_edit", slug)  # what was asked for is so already
        raise Http404 from error


def _context(hub: Hub, kind: str, *, question: object) -> dict[str, Any]:
    return {"hub": hub, "title": _SECTION[kind].title, "question": question}


def _receipt(text: str, fact: DatedFact, kind: str) -> SafeString:
    """Return what happened, who sees it, and where it stands."""
    if not fact.is_published:
        text = f"{text} {_('It is a draft: only those who edit this hub see it.')}"
    section = str(_SECTION[kind].title)
    return format_html('{} <a href="#{}">{}</a>', text, kind, _("See it: %s") % section)


def _typed_for_removed(request: HttpRequest, hub: Hub, kind: str) -> HttpResponse:
    """Show what was typed for a fact that somebody removed meanwhile, ready to be stated anew."""
    form = FACT_FORMS[kind](request.POST, hub=hub)
    form.is_valid()
    context = _context(hub, kind, question=_SECTION[kind].question) | {
        "form": form,
        "action": reverse("hubs:fact_add", args=[hub.slug, kind]),
        "button": _("State it anew"),
        "gone": True,
    }
    return render(request, "hubs/edit/form.html", context, status=409)


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
    fact: DatedFact = _SECTION[kind].model._default_manager.filter(hub=hub).get(pk=pk)
    return fact


def _was_removed(hub: Hub, kind: str, pk: int) -> bool:
    model: Any = _SECTION[kind].model
    return bool(model.history.filter(hub=hub, id=pk, history_type="-").exists())
