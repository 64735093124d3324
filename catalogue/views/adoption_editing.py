"""Pages on which adoptions are stated, changed, confirmed, rejected and taken back."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import signed_in_member
from catalogue.forms import AdoptionForm, AdoptionReasonForm, ClaimForm
from catalogue.models import Adoption, BuildingBlock, Entry
from catalogue.querysets import AdoptionQuerySet
from catalogue.services import (
    change_adoption,
    claim_adoption,
    confirm_adoption,
    reject_adoption,
    retract_adoption,
)
from core.errors import DomainError
from core.http import get_allowed, sent_version
from core.typed import sign_in_then
from hubs.views.form_pages import form_page, writes

TEMPLATE = "catalogue/adoption_form.html"


@writes(ClaimForm)
def entry_adopt(request: HttpRequest, slug: str) -> HttpResponse:
    """State who took up an entry."""
    entries = Entry.objects.visible_to(request.user).published().select_related("hub")
    return _claim(request, get_object_or_404(entries, slug=slug))


@writes(ClaimForm)
def block_adopt(request: HttpRequest, slug: str) -> HttpResponse:
    """State who took up a building block."""
    blocks = BuildingBlock.objects.visible_to(request.user).published().select_related("hub")
    return _claim(request, get_object_or_404(blocks, slug=slug))


def _claim(request: HttpRequest, thing: Entry | BuildingBlock) -> HttpResponse:
    by = signed_in_member(request)
    if not by.takes_part:
        raise PermissionDenied

    def make(data: Any) -> ClaimForm:
        of = {"entry" if isinstance(thing, Entry) else "block": thing}
        return ClaimForm(data, instance=Adoption(**of), user=by)

    def save(form: ClaimForm) -> str:
        claim_adoption(thing, adopter=form.adopter(), columns=form.columns(), by=by)
        return _("The adoption is stated. The hub that shared it is asked to confirm it.")

    context = {
        "thing": thing,
        "title": _("Tell of an adoption"),
        "lead": _("Who took this up, and what became of it. Failures are as welcome as success."),
        "cancel_url": thing.get_absolute_url(),
    }
    done = f"{thing.get_absolute_url()}#adopted-by"
    return form_page(request, make, save, context, done=done, template=TEMPLATE)


@writes(ClaimForm)
def adoption_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what an adoption says; of one that is gone, give back what was typed."""
    if request.method == "POST" and _is_gone(request, pk):
        form = AdoptionForm(request.POST, instance=Adoption(), user=request.user)
        return render(
            request, "catalogue/adoption_gone.html", {"form": form}, status=HTTPStatus.CONFLICT
        )
    adoption = _allowed(request, pk, Adoption.objects.editable_by(request.user))

    def make(data: Any) -> AdoptionForm:
        # As saved: a form writes what was typed into its instance.
        return AdoptionForm(data, instance=Adoption.objects.get(pk=pk), user=request.user)

    def save(form: AdoptionForm) -> str:
        change_adoption(
            adoption,
            changes=form.columns(),
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The adoption was saved. What was changed waits to be confirmed anew.")

    context = {"title": _("Change the adoption"), **_about(adoption)}
    done = adoption.get_absolute_url()
    return form_page(request, make, save, context, done=done, row=adoption, template=TEMPLATE)


@require_POST
@sign_in_then("catalogue:adoption_detail", "pk")
def adoption_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm an adoption, as it was read: the button sends the version."""
    adoption = _allowed(request, pk, Adoption.objects.decidable_by(request.user))
    version, by = sent_version(request), signed_in_member(request)
    try:
        confirm_adoption(adoption, expected_version=version, by=by)
    except DomainError as error:
        messages.error(request, str(error))
        if not Adoption.objects.filter(pk=pk).exists():
            return redirect("catalogue:adoption_list")
    else:
        messages.success(request, _("The adoption is confirmed."))
    return redirect(adoption)


@writes(AdoptionReasonForm)
def adoption_reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Reject an adoption that was only stated; who stated it is told why."""
    adoption = _allowed(request, pk, Adoption.objects.decidable_by(request.user))
    receipt = _("The adoption is rejected, and who stated it told why.")
    context = {
        "title": _("Reject the adoption"),
        "lead": _("It leaves the catalogue. Who stated it gets your reason by mail."),
        "button": _("Reject"),
        **_about(adoption),
    }
    return _removed(request, adoption, reject_adoption, receipt, context)


@writes(AdoptionReasonForm)
def adoption_retract(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an adoption back."""
    adoption = _allowed(request, pk, Adoption.objects.editable_by(request.user))
    receipt = _("The adoption is taken back. The history keeps it.")
    context = {
        "title": _("Take the adoption back"),
        "lead": _("Take back what never was so. One that failed stays, and says that it failed."),
        "button": _("Take back"),
        **_about(adoption),
    }
    return _removed(request, adoption, retract_adoption, receipt, context)


def _removed(
    request: HttpRequest,
    adoption: Adoption,
    remove: Callable[..., None],
    receipt: str,
    context: dict[str, Any],
) -> HttpResponse:
    def save(form: AdoptionReasonForm) -> str:
        remove(adoption, reason=form.cleaned_data["reason"], by=signed_in_member(request))
        return receipt

    done = reverse("catalogue:adoption_list")
    context |= {"button_kind": "bad"}
    return form_page(request, AdoptionReasonForm, save, context, done=done, template=TEMPLATE)


def _about(adoption: Adoption) -> dict[str, Any]:
    return {
        "thing": adoption.thing,
        "adopter": adoption.adopter,
        "cancel_url": adoption.get_absolute_url(),
    }


def _is_gone(request: HttpRequest, pk: int) -> bool:
    """Return whether there was an adoption `pk` that the reader might have changed."""
    if Adoption.objects.filter(pk=pk).exists():
        return False
    return bool(Adoption.objects.removed_before(request.user).filter(id=pk).exists())


def _allowed(request: HttpRequest, pk: int, allowed: AdoptionQuerySet) -> Adoption:
    """Return an adoption: 404 if the reader may not see it, 403 if it is not among `allowed`."""
    adoptions = Adoption.objects.visible_to(request.user)
    related = ("entry__hub", "block__hub", "hub", "organisation")
    adoption: Adoption = get_allowed(adoptions.select_related(*related), allowed, pk=pk)
    return adoption
