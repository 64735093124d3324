"""Pages on which the organisers write an event, one thing a page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from community.event_times import told_at_place, told_time
from community.forms.event_parts import (
    DiscardForm,
    HubsForm,
    MaterialsForm,
    ReasonForm,
    SessionForm,
)
from community.forms.events import (
    AboutForm,
    AfterwardsForm,
    BeginEventForm,
    SeatsForm,
    WhenForm,
    WhereForm,
)
from community.models import Event, EventSession
from community.services import agenda, materials
from community.services import events as services
from core.errors import DomainError
from core.http import get_allowed, sent_version
from core.once import once
from core.typed import sign_in_first, sign_in_then
from hubs.models import Hub
from hubs.views.form_pages import Labels, form_page, writes

FORM = "community/event_form.html"
SECTIONS: dict[str, tuple[Any, Any]] = {
    "about": (gettext_lazy("Title and text"), AboutForm),
    "when": (gettext_lazy("When"), WhenForm),
    "where": (gettext_lazy("Where, and languages"), WhereForm),
    "seats": (gettext_lazy("Enrolment and seats"), SeatsForm),
    "afterwards": (gettext_lazy("Afterwards: who came, what came of it"), AfterwardsForm),
}


def editable_event(request: HttpRequest, slug: str) -> Any:
    """Return an event to write: 404 if the reader may not see it, 403 if not write it."""
    user, events = request.user, Event.objects
    return get_allowed(events.visible_to(user), events.editable_by(user), slug=slug)


def _again(event: Event) -> Any:
    """Return an event as it is saved now: a form writes what was typed into its instance."""
    return get_object_or_404(Event, pk=event.pk)


def _about(event: Event, title: object) -> dict[str, Any]:
    return {"event": event, "title": title, "cancel_url": _edit(event)}


def _edit(event: Event) -> str:
    return reverse("community:event_edit", args=[event.slug])


@writes(BeginEventForm)
def event_begin(request: HttpRequest) -> HttpResponse:
    """/community/events/begin/: who, what and when."""
    by = signed_in_member(request)
    if not Hub.objects.editable_by(by).exists():
        raise PermissionDenied
    begun: list[Event] = []
    mine = Hub.objects.editable_by(by).filter(
        slug=request.GET.get("hub", "")[:100].replace("\0", "")
    )
    initial = {"hub": mine.first()}

    def save(form: BeginEventForm) -> str:
        hub = form.cleaned_data["hub"]
        begun.append(services.begin_event(hub, columns=form.columns(), by=by))
        return _("The event is a draft. Say where it is and who may come, then publish it.")

    context = {
        "title": _("Begin an event"),
        "button": _("Begin"),
        "cancel_url": reverse("community:event_list"),
    }
    return form_page(
        request,
        lambda data: BeginEventForm(data, user=by, initial=initial),
        save,
        context,
        done=lambda: _edit(begun[0]),
        template=FORM,
    )


@require_safe
@sign_in_first
def event_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/events/<slug>/edit/: part by part, and what is missing."""
    event = editable_event(request, slug)
    context = {
        "event": event,
        "when": told_at_place(event),
        "tasks": _tasks(event),
        "missing": services.missing_in(event),
        "sessions": [(session, told_time(session, event.zone)) for session in event.sessions.all()],
    }
    return render(request, "community/event_edit.html", context)


def _tasks(event: Any) -> list[dict[str, Any]]:
    stated = {
        "about": bool(event.summary),
        "where": bool(event.place or event.is_online),
        "afterwards": bool(event.participants or event.outcome),
    }
    tasks = [
        _task(
            reverse("community:event_section", args=[event.slug, name]),
            title,
            stated.get(name, True),
        )
        for name, (title, _form) in SECTIONS.items()
    ]
    hubs = reverse("community:event_hubs", args=[event.slug])
    documents = reverse("community:event_materials", args=[event.slug])
    tasks.append(_task(hubs, _("Organising hubs"), event.hubs.exists()))
    tasks.append(_task(documents, _("Materials"), event.materials.exists()))
    return tasks


def _task(url: str, label: object, is_stated: bool) -> dict[str, Any]:
    status, kind = (_("Stated"), "ok") if is_stated else (_("Not stated"), "")
    return {"url": url, "label": label, "hint": "", "status": status, "kind": kind}


def _labels(slug: str, section: str) -> Labels:
    form: Any = SECTIONS[section][1] if section in SECTIONS else AboutForm
    return {name: field.label for name, field in form.base_fields.items()}


@writes(_labels)
def event_section(request: HttpRequest, slug: str, section: str) -> HttpResponse:
    """/community/events/<slug>/edit/<section>/: one part of the event."""
    if section not in SECTIONS:
        raise Http404
    event = editable_event(request, slug)
    by = signed_in_member(request)
    title, form_class = SECTIONS[section]
    extra = {"user": by} if form_class is AboutForm else {}

    def make(data: Any) -> Any:
        return form_class(data, instance=_again(event), **extra)

    def save(form: Any) -> str:
        version = form.cleaned_data["version"]
        services.change_event(event, changes=form.columns(), expected_version=version, by=by)
        return _("Saved.")

    return form_page(
        request, make, save, _about(event, title), done=_edit(event), row=event, template=FORM
    )


@writes(HubsForm)
def event_hubs(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/events/<slug>/edit/hubs/: which hubs organise it."""
    event = editable_event(request, slug)
    by = signed_in_member(request)

    def save(form: HubsForm) -> str:
        version = form.cleaned_data["version"]
        services.set_hubs(event, form.cleaned_data["hubs"], expected_version=version, by=by)
        return _("Saved.")

    def done() -> str:
        return _edit(event) if Event.objects.editable_by(by).contains(event) else "/"

    return form_page(
        request,
        lambda data: HubsForm(data, event=_again(event), user=by),
        save,
        _about(event, _("Organising hubs")),
        done=done,
        row=event,
        template=FORM,
    )


@writes(MaterialsForm)
def event_materials(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/events/<slug>/edit/materials/: its documents in the library."""
    event = editable_event(request, slug)
    by = signed_in_member(request)

    def save(form: MaterialsForm) -> str:
        version = form.cleaned_data["version"]
        named = form.cleaned_data["materials"]
        materials.tie_materials(event, named, expected_version=version, by=by)
        return _("Saved.")

    hub = materials.holder_of_materials(event, by)
    add = reverse("catalogue:resource_add")
    context = _about(event, _("Materials"))
    context["add_url"] = f"{add}?hub={hub.slug}" if hub else ""
    return form_page(
        request,
        lambda data: MaterialsForm(data, event=_again(event), user=by),
        save,
        context,
        done=_edit(event),
        row=event,
        template=FORM,
    )


@writes(SessionForm)
def session_add(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/events/<slug>/edit/agenda/add/: a new item of the agenda."""
    event = editable_event(request, slug)
    return _session_page(request, event, None, _("Add to the agenda"))


@writes(SessionForm)
def session_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """/community/events/<slug>/edit/agenda/<pk>/: an item of the agenda."""
    event = editable_event(request, slug)
    session = get_object_or_404(EventSession, event=event, pk=pk)
    return _session_page(request, event, session, session.title)


def _session_page(
    request: HttpRequest, event: Any, session: EventSession | None, title: str
) -> HttpResponse:
    by = signed_in_member(request)

    def make(data: Any) -> SessionForm:
        row = EventSession.objects.filter(pk=session.pk).first() if session else None
        return SessionForm(data, instance=row, event=_again(event))

    def save(form: SessionForm) -> str:
        agenda.write_session(
            event,
            session or EventSession(),
            columns=form.columns(),
            expected_version=form.cleaned_data["version"],
            by=by,
        )
        return _("Saved.")

    context = _about(event, title) | {"session": session}
    return form_page(request, make, save, context, done=_edit(event), row=event, template=FORM)


@require_POST
@sign_in_then("community:event_detail")
@once
def session_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take an item off the agenda; what is gone already needs no more."""
    event = editable_event(request, slug)
    session = EventSession.objects.filter(event=event, pk=pk).first()
    try:
        if session is not None:
            agenda.remove_session(session, by=signed_in_member(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It was taken off the agenda."))
    return redirect(_edit(event))


@require_POST
@sign_in_then("community:event_detail")
@once
def event_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the event to everybody, as it was read."""
    event = editable_event(request, slug)
    try:
        services.publish_event(
            event, expected_version=sent_version(request), by=signed_in_member(request)
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(_edit(event))
    messages.success(request, _("The event is published."))
    return redirect(event)


@writes(ReasonForm)
def event_cancel(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/events/<slug>/cancel/: ask for the reason, then cancel it."""
    event = editable_event(request, slug)
    by = signed_in_member(request)

    def save(form: ReasonForm) -> str:
        services.cancel_event(event, reason=form.cleaned_data["reason"], by=by)
        return _("The event is cancelled. Everybody who enrolled is told.")

    context = {
        "event": event,
        "title": _("Cancel the event"),
        "text": _("Everybody who has a seat or waits for one is told, with your reason."),
        "button": _("Cancel the event"),
        "button_kind": "bad",
        "cancel_url": event.get_absolute_url(),
    }
    return form_page(
        request, ReasonForm, save, context, done=event.get_absolute_url(), template=FORM
    )


@writes(DiscardForm)
def event_discard(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/events/<slug>/discard/: ask once more, then throw the draft away."""
    event = editable_event(request, slug)
    by = signed_in_member(request)

    def make(data: Any) -> DiscardForm:
        return DiscardForm(data, initial={"version": _again(event).version})

    def save(form: DiscardForm) -> str:
        version = form.cleaned_data["version"]
        services.discard_event(event, expected_version=version, by=by)
        return _("The draft was discarded.")

    context = _about(event, _("Discard the draft?")) | {
        "text": _("Its texts and its agenda are gone then; materials stay in the library."),
        "button": _("Discard the draft"),
        "button_kind": "bad",
    }
    done = reverse("community:event_list")
    return form_page(request, make, save, context, done=done, row=event, template=FORM)
