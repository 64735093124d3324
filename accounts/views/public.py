"""Pages for everybody: terms, privacy notice, and messages to the moderators."""

from __future__ import annotations

from urllib.parse import urlsplit

from allauth.core.ratelimit import consume_or_429
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.forms import ContactForm
from accounts.models import ContactMessage, LegalText, Member
from accounts.services import send_contact_message
from core.text import render_markdown

TITLES = {
    ContactMessage.Kind.ISSUE: _("Report an issue"),
    ContactMessage.Kind.QUESTION: _("Contact the moderators"),
}


@require_safe
def legal(request: HttpRequest, kind: str) -> HttpResponse:
    """/accounts/legal/<kind>/: the version in force."""
    text = get_object_or_404(LegalText.objects.in_force().filter(kind=kind))
    return _legal_page(request, text)


@require_safe
def legal_version(request: HttpRequest, kind: str, version: int) -> HttpResponse:
    """/accounts/legal/<kind>/<version>/: any published version, for good."""
    texts = LegalText.objects.published()
    return _legal_page(request, get_object_or_404(texts, kind=kind, version=version))


def _legal_page(request: HttpRequest, text: LegalText) -> HttpResponse:
    context = {
        "text": text,
        "body": render_markdown(text.body),
        "versions": LegalText.objects.published().filter(kind=text.kind),
    }
    return render(request, "accounts/legal.html", context)


def contact(request: HttpRequest, kind: str) -> HttpResponse:
    """/accounts/contact/<kind>/: write to the moderators, with or without an account."""
    member = request.user if isinstance(request.user, Member) else None
    form = ContactForm(request.POST or None, member=member, initial={"page": _page_of(request)})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["website"]:  # the trap: thank the robot and keep nothing
            return redirect("accounts:contact_done")
        refused: HttpResponse | None = consume_or_429(request, action="contact")
        if refused is not None:
            return refused
        send_contact_message(
            kind=kind,
            text=form.cleaned_data["text"],
            page=form.cleaned_data["page"],
            name=form.cleaned_data.get("name", ""),
            email=form.cleaned_data.get("email", ""),
            member=member,
        )
        return redirect("accounts:contact_done")
    context = {"form": form, "title": TITLES[ContactMessage.Kind(kind)]}
    return render(request, "accounts/contact.html", context)


@require_safe
def contact_done(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "accounts/contact_done.html")


def _page_of(request: HttpRequest) -> str:
    """Return the page of this portal that the visitor came from."""
    parts = urlsplit(request.headers.get("Referer", ""))
    return parts.path[:500] if parts.netloc == request.get_host() else ""
