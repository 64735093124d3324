"""Pages of the parts of an exchange: parties, steps, people, contributions, documents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.http import signed_in_member
from core.forms import version_field
from core.http import get_allowed
from core.uploads import attachment_response
from evaluation.forms.exchange_parts import (
    ContributionForm,
    DocumentForm,
    PartForm,
    PartyForm,
    PeopleForm,
    StepForm,
)
from evaluation.forms.exchanges import ReasonForm
from evaluation.models import Contribution, Evidence, Exchange, Party, Step
from evaluation.services.evidence import add_evidence, withdraw_evidence
from evaluation.services.exchange_parts import (
    add_part,
    change_part,
    remove_part,
    state_people,
)
from evaluation.views.exchange_editing import TEMPLATE, about, back_to, editable_exchange, part_of
from hubs.views.form_pages import Labels, form_page, writes

# By the name in the address: the model, its form, the titles of its pages.
PARTS: dict[str, tuple[type[Any], type[PartForm], Any, Any]] = {
    "parties": (
        Party,
        PartyForm,
        gettext_lazy("Add a party"),
        gettext_lazy("Change the party"),
    ),
    "steps": (Step, StepForm, gettext_lazy("Add a step"), gettext_lazy("Change the step")),
    "contributions": (
        Contribution,
        ContributionForm,
        gettext_lazy("Add a contribution"),
        gettext_lazy("Change the contribution"),
    ),
}


class RemoveForm(forms.Form):
    """Asks whether a part is to be taken out."""

    version = version_field()

    def readable(self, name: str) -> object:
        return self[name].value()


def _labels(*, kind: str, **_address: object) -> Labels:
    fields: Any = PARTS[kind][1]
    return {name: field.label for name, field in fields.base_fields.items()}


@writes(_labels)
def part_add(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Add a party, a step or a contribution."""
    exchange = editable_exchange(request, slug)
    model, form_class, title, _change = PARTS[kind]

    def make(data: Any) -> PartForm:
        fresh = Exchange.objects.get(pk=exchange.pk)
        return form_class(data, exchange=fresh, user=request.user)

    def save(form: PartForm) -> str:
        add_part(
            exchange,
            model,
            columns=form.columns(),
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("It was added.")

    done = f"{back_to(exchange)}#{kind}"
    context = about(exchange, str(title))
    return form_page(request, make, save, context, done=done, row=exchange, template=TEMPLATE)


@writes(_labels)
def part_change(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Change a party, a step or a contribution."""
    model, form_class, _add, title = PARTS[kind]
    exchange, part = part_of(request, slug, model, pk)

    def make(data: Any) -> PartForm:
        # As saved: a form writes what was typed into its instance.
        row = model.objects.select_related("exchange").get(pk=part.pk)
        return form_class(data, instance=row, exchange=row.exchange, user=request.user)

    def save(form: PartForm) -> str:
        change_part(
            part,
            changes=form.columns(),
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("It was saved. What was changed waits to be confirmed anew.")

    done = f"{back_to(exchange)}#{kind}"
    context = about(exchange, str(title)) | {"part": part}
    return form_page(request, make, save, context, done=done, row=part, template=TEMPLATE)


@writes(RemoveForm)
def part_remove(request: HttpRequest, slug: str, kind: str, pk: int) -> HttpResponse:
    """Take a party, a step or a contribution out; asked once more."""
    exchange, part = part_of(request, slug, PARTS[kind][0], pk)

    def make(data: Any) -> RemoveForm:
        version = Exchange.objects.values_list("version", flat=True).get(pk=exchange.pk)
        return RemoveForm(data, initial={"version": version})

    def save(form: RemoveForm) -> str:
        version = form.cleaned_data["version"]
        remove_part(part, expected_version=version, by=signed_in_member(request))
        return _("It was taken out. The history keeps it.")

    context = about(exchange, _("Take it out?")) | {
        "part": part,
        "lead": _("The history keeps it."),
        "button": _("Take out"),
        "button_kind": "bad",
    }
    done = f"{back_to(exchange)}#{kind}"
    return form_page(request, make, save, context, done=done, row=exchange, template=TEMPLATE)


def _people_labels(**_address: object) -> Labels:
    return {}


@writes(_people_labels)
def step_people(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """State who took part in a step, by party."""
    exchange, step = part_of(request, slug, Step, pk)

    def make(data: Any) -> PeopleForm:
        return PeopleForm(data, exchange=Exchange.objects.get(pk=exchange.pk), step=step)

    def save(form: PeopleForm) -> str:
        state_people(
            step,
            form.people(),
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The people were saved.")

    context = about(exchange, _("People at the step")) | {
        "part": step,
        "lead": _("Leave empty what is not known; that is shown as not stated, never as 0."),
    }
    done = f"{back_to(exchange)}#steps"
    return form_page(request, make, save, context, done=done, row=exchange, template=TEMPLATE)


@writes(DocumentForm)
def document_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a document, link or testimony."""
    exchange = editable_exchange(request, slug)

    def make(data: Any) -> DocumentForm:
        files = request.FILES if data is not None else None
        return DocumentForm(data, files, instance=Evidence(exchange=exchange))

    def save(form: DocumentForm) -> str:
        document = form.cleaned_data["file"]
        name = str(getattr(form.files.get("file"), "name", "")) if document else ""
        add_evidence(form.instance, document, name=name, by=signed_in_member(request))
        return _("The document was added.")

    context = about(exchange, _("Add a document")) | {"is_upload": True}
    done = f"{back_to(exchange)}#documents"
    return form_page(request, make, save, context, done=done, template=TEMPLATE)


@writes(ReasonForm)
def document_withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Withdraw a document, with a reason."""
    exchange, evidences = editable_exchange(request, slug), Evidence.objects
    seen = evidences.visible_to(request.user).filter(exchange=exchange)
    evidence: Evidence = get_allowed(seen, evidences.editable_by(request.user), pk=pk)

    def save(form: ReasonForm) -> str:
        reason = form.cleaned_data["reason"]
        withdraw_evidence(evidence, reason=reason, by=signed_in_member(request))
        return _("The document is withdrawn.")

    context = about(exchange, _("Withdraw the document")) | {
        "part": evidence,
        "button": _("Withdraw"),
        "button_kind": "bad",
    }
    done = f"{back_to(exchange)}#documents"
    return form_page(request, ReasonForm, save, context, done=done, template=TEMPLATE)


@require_safe
def evidence_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """/evaluation/evidence/<pk>/: the file, to be saved; of what has none the page of what it is
    about.
    """
    evidence: Any = get_object_or_404(
        Evidence.objects.downloadable_by(request.user).select_related("exchange", "update"), pk=pk
    )
    if evidence.file:
        return attachment_response(evidence.file, evidence.content_type, evidence.file_name)
    owner = evidence.exchange or evidence.update
    return redirect(owner.get_absolute_url())
