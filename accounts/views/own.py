"""A member's own pages: profile, data, the end of the account, new terms."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import MailForm, PasswordForm, ProfileForm
from accounts.http import (
    CLEAR_SITE_DATA,
    needs_second_factor,
    remember_language,
    signed_in_member,
)
from accounts.kept import forget_sent, kept_sent
from accounts.legal import ACCEPTED_SESSION_KEY, current_key
from accounts.models import Bounce, LegalText, MailAddress, MailKind, Member, Visibility
from accounts.models.member import PROFILE_LABELS as LABELS
from accounts.registers import shares_hub
from accounts.services import (
    DIGEST,
    accept_texts,
    change_mail_choices,
    close_account,
    end_mail,
    ended_by,
    export_own_data,
    gets_mail,
    save_profile,
    try_again,
)
from core.errors import DomainError
from core.form_pages import form_page
from core.images import picture_response, small_picture_response


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """/accounts/profile/: what others see of me, and what I may do with my account."""
    member = signed_in_member(request)
    context = {
        "member": member,
        "may_join": Member.objects.may_join().contains(member),
        "needs_second_factor": needs_second_factor(member),
        "returned": _returned(member),
        "visibility": [
            (LABELS[name], Visibility(member.visibility_of(name)).label)
            for name in Member.VISIBILITY_DEFAULTS
        ],
    }
    return render(request, "accounts/profile.html", context)


def _returned(member: Member) -> Bounce | None:
    """Return the last mail that came back, if so many did that none is sent any more."""
    dead = MailAddress.objects.visible_to(member).dead().filter(address=member.email)
    return Bounce.objects.filter(address__in=dead).first()


@require_POST
def mail_try_again(request: HttpRequest) -> HttpResponse:
    """/accounts/mail/try-again/: send mail to my address again, after so much came back."""
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("accounts:profile"))
    try_again(signed_in_member(request))
    messages.success(request, _("Mail is sent to your address again."))
    return redirect("accounts:profile")


@login_required
def profile_edit(request: HttpRequest) -> HttpResponse:
    """/accounts/profile/edit/."""

    def make(typed: Any) -> ProfileForm:
        return ProfileForm(typed, request.FILES or None, instance=_fresh(request))

    def save(form: ProfileForm) -> str:
        save_profile(form.save(commit=False), expected_version=form.cleaned_data["version"])
        return _("Your profile was saved.")

    template, done = "accounts/profile_edit.html", reverse("accounts:profile")
    response = form_page(request, make, save, {}, done=done, template=template)
    if response.status_code == HTTPStatus.FOUND:
        remember_language(response, _fresh(request).language)
    return response


@login_required
def mail_choices(request: HttpRequest) -> HttpResponse:
    """/accounts/mail/: how soon I get mail of each kind."""
    member = _fresh(request)

    def make(typed: Any) -> MailForm:
        return MailForm(typed, member=member)

    def save(form: MailForm) -> str:
        version = form.cleaned_data["version"]
        change_mail_choices(member, form.choices(), expected_version=version)
        return _("Your choices were saved.")

    return form_page(
        request, make, save, {}, done=request.path, template="accounts/mail_choices.html"
    )


@csrf_exempt  # the address itself is the permission, and mail programs press without a page
@require_http_methods(["GET", "HEAD", "POST"])
def mail_off(request: HttpRequest, token: str) -> HttpResponse:
    """/accounts/mail/off/<token>/: no more mail of a kind, without signing in (RFC 8058).

    A GET only shows the button: programs that look into mails follow every link.
    """
    found = ended_by(token)
    if found is None:
        raise Http404
    member, kind = found
    if request.method == "POST":
        member = end_mail(member, kind)
    about = (
        _("All that comes in one mail, once a day or once a week")
        if kind == DIGEST
        else MailKind(kind).label
    )
    context = {"about": about, "is_off": not gets_mail(member, kind)}
    return render(request, "accounts/mail_off.html", context)


@login_required
def send_again(request: HttpRequest) -> HttpResponse:
    """/accounts/send-again/: what I had written before the portal asked something of me."""
    if request.method == "POST":
        forget_sent(request)
        messages.success(request, _("What you had written was thrown away."))
        return redirect("front_page")
    kept = kept_sent(request)
    return render(request, "accounts/send_again.html", {"kept": kept})


def _fresh(request: HttpRequest) -> Member:
    """Return the member as saved: a form writes what was typed into its instance."""
    member: Member = Member.objects.get(pk=signed_in_member(request).pk)
    return member


@login_required
def my_data(request: HttpRequest) -> HttpResponse:
    """/accounts/my-data/: everything about me, as a zip."""
    member = signed_in_member(request)
    if request.method != "POST":
        return render(request, "accounts/my_data.html")
    response = HttpResponse(export_own_data(member), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    return response


@login_required
def close(request: HttpRequest) -> HttpResponse:
    """/accounts/close/: the end of the account, after the password."""
    member = signed_in_member(request)
    form = PasswordForm(request.POST or None, member=member)
    if request.method == "POST" and form.is_valid():
        try:
            close_account(member, by=member)
        except DomainError as error:
            form.add_error(None, ValidationError(str(error)))
        else:
            logout(request)
            messages.success(request, _("Your account is closed."))
            response = redirect("front_page")
            response["Clear-Site-Data"] = CLEAR_SITE_DATA
            return response
    return render(request, "accounts/close.html", {"form": form})


@login_required
def accept(request: HttpRequest) -> HttpResponse:
    """/accounts/accept/: terms that are new to me."""
    member = signed_in_member(request)
    texts = list(LegalText.objects.awaiting(member))
    if request.method == "POST" and texts:
        accept_texts(member, texts)
        texts = []
    if not texts:
        request.session[ACCEPTED_SESSION_KEY] = current_key()
        # Whatever they opened meanwhile: what they had written comes first.
        return redirect("accounts:send_again" if kept_sent(request) else _next(request))
    return render(request, "accounts/accept.html", {"texts": texts, "next": _next(request)})


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next") or request.GET.get("next") or "/"
    is_safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_safe else "/"


@require_safe
def photo(request: HttpRequest, slug: str) -> HttpResponseBase:
    """/accounts/photos/<slug>/: a member's photo, for those who may see it; `?size=small` for
    lists.
    """
    member = get_object_or_404(Member.objects.visible_to(request.user), slug=slug)
    is_colleague = shares_hub(member.pk, request.user.pk)
    if "photo" not in member.fields_shown_to(request.user, shares_hub=is_colleague):
        raise Http404
    if request.GET.get("size") == "small":
        return small_picture_response(member.photo)
    return picture_response(member.photo, "image/jpeg")
