"""Pages on which a hub's people write its building blocks, and say which entries have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import signed_in_member
from catalogue.forms import AttachForm, BlockForm, NewBlockForm
from catalogue.models import BlockUse, BuildingBlock, Entry
from catalogue.querysets import BuildingBlockQuerySet
from catalogue.services import (
    attach_block,
    change_block,
    create_block,
    detach_block,
    publish_block,
    withdraw_block,
)
from core.errors import DomainError
from core.http import get_allowed
from core.typed import sign_in_then
from hubs.models import Hub
from hubs.views.form_pages import form_page, writes

TEMPLATE = "catalogue/block_form.html"


@writes(NewBlockForm)
def block_add(request: HttpRequest) -> HttpResponse:
    """Describe a new building block."""
    if not Hub.objects.editable_by(request.user).exists():
        raise PermissionDenied

    def save(form: NewBlockForm) -> str:
        block = create_block(
            form.cleaned_data["hub"], columns=form.columns(), by=signed_in_member(request)
        )
        saved.append(block)
        return _("The building block was saved. Only those who edit its hub see it yet.")

    saved: list[BuildingBlock] = []
    context = {
        "title": _("Describe a building block"),
        "cancel_url": reverse("catalogue:block_list"),
    }
    return form_page(
        request,
        lambda data: NewBlockForm(data, user=request.user),
        save,
        context,
        done=lambda: saved[0].get_absolute_url(),
        template=TEMPLATE,
    )


@writes(NewBlockForm)
def block_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what a building block says."""
    block = _editable(request, slug)

    def make(data: Any) -> BlockForm:
        # As saved: a form writes what was typed into its instance.
        return BlockForm(data, instance=BuildingBlock.objects.get(pk=block.pk))

    def save(form: BlockForm) -> str:
        change_block(
            block,
            changes=form.columns(),
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The building block was saved.")

    context = {"part": block, "title": _("Change the building block")}
    done = block.get_absolute_url()
    return form_page(request, make, save, context, done=done, row=block, template=TEMPLATE)


@writes(AttachForm)
def block_attach(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that an entry has the building block."""
    block = _visible(request, slug)
    if not Entry.objects.of_hubs_edited_by(request.user).exists():
        raise PermissionDenied

    def save(form: AttachForm) -> str:
        attach_block(block, form.cleaned_data["entry"], by=signed_in_member(request))
        return _("The entry names the building block now.")

    context = {"part": block, "title": _("An entry with this building block")}
    return form_page(
        request,
        lambda data: AttachForm(data, block=block, user=request.user),
        save,
        context,
        done=block.get_absolute_url(),
        template=TEMPLATE,
    )


@require_POST
@sign_in_then("catalogue:block_detail")
def block_detach(request: HttpRequest, slug: str, entry: str) -> HttpResponse:
    """Say that an entry has the building block no more."""
    block, by = _visible(request, slug), signed_in_member(request)
    uses = BlockUse.objects.visible_to(request.user).filter(block=block)
    use = get_object_or_404(uses, entry__slug=entry)
    detach_block(use, by=by)
    messages.success(request, _("The entry names the building block no more."))
    return redirect(block)


@require_POST
@sign_in_then("catalogue:block_detail")
def block_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the building block to everybody."""
    return _shown(request, slug, publish_block, _("The building block is published."))


@require_POST
@sign_in_then("catalogue:block_detail")
def block_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the building block to its hub's editors only."""
    receipt = _("The building block is withdrawn: only those who edit its hub see it.")
    return _shown(request, slug, withdraw_block, receipt)


def _shown(
    request: HttpRequest, slug: str, change: Callable[..., BuildingBlock], receipt: str
) -> HttpResponse:
    block = _editable(request, slug)
    try:
        change(block, by=signed_in_member(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, receipt)
    return redirect(block)


def _visible(request: HttpRequest, slug: str) -> BuildingBlock:
    block: BuildingBlock = get_object_or_404(_blocks(request), slug=slug)
    return block


def _editable(request: HttpRequest, slug: str) -> BuildingBlock:
    editable = BuildingBlock.objects.editable_by(request.user)
    block: BuildingBlock = get_allowed(_blocks(request), editable, slug=slug)
    return block


def _blocks(request: HttpRequest) -> BuildingBlockQuerySet:
    blocks: BuildingBlockQuerySet = BuildingBlock.objects.visible_to(request.user)
    return blocks.select_related("hub")
