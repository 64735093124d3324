"""Files and pictures: adding them to a draft, and giving them out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from catalogue.content import column_of
from catalogue.forms import AttachmentForm
from catalogue.models import Attachment
from catalogue.sections import SECTION_OF
from catalogue.services import add_attachment, remove_attachment
from catalogue.views.drafts import editable_draft, seen_draft
from core.images import picture_response
from core.typed import sign_in_then
from core.uploads import attachment_response
from hubs.views.form_pages import form_page, writes


@writes(AttachmentForm)
def draft_attachments(request: HttpRequest, pk: int) -> HttpResponse:
    """/catalogue/drafts/<pk>/attachments/: those there are; add one."""
    draft = editable_draft(request, pk)

    def make(data: Any) -> AttachmentForm:
        return AttachmentForm(data, request.FILES if data is not None else None)

    def save(form: AttachmentForm) -> str:
        add_attachment(
            draft,
            form.cleaned_data["file"],
            name=str(getattr(form.files["file"], "name", "")),
            caption=form.cleaned_data["caption"],
            by=signed_in_member(request),
        )
        return _("The file was added.")

    return form_page(
        request,
        make,
        save,
        {
            "draft": draft,
            "section": SECTION_OF["attachments"],
            "attachments": column_of(draft.content, "attachments"),
        },
        done=reverse("catalogue:draft_attachments", args=[pk]),
        template="catalogue/drafts/draft_attachments.html",
    )


@require_POST
@sign_in_then("catalogue:draft_attachments", "pk")
def attachment_remove(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """Take a file out of a draft."""
    remove_attachment(seen_draft(request, pk), attachment, by=signed_in_member(request))
    messages.success(request, _("The file was taken out."))
    return redirect("catalogue:draft_attachments", pk)


@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """/catalogue/attachments/<pk>/: pictures to be shown, all else to be saved."""
    found: Any = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk)
    if found.is_picture:
        return picture_response(found.file, found.content_type)
    return attachment_response(found.file, found.content_type, found.name)
