"""An entry in other languages: which there are, writing one, calling it right."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import signed_in_member
from accounts.models import Member
from catalogue.content import TRANSLATED
from catalogue.forms import LanguageForm, TranslationForm
from catalogue.models import Entry, Translation
from catalogue.sections import label_of
from catalogue.services import remove_translation, review_translation, save_translation
from core import codes
from core.errors import DomainError
from core.http import get_allowed, sent_version
from core.typed import sign_in_first, sign_in_then
from hubs.views.form_pages import Labels, form_page, writes


def _translatable(request: HttpRequest, slug: str) -> Entry:
    entries = Entry.objects
    seen = entries.visible_to(request.user).select_related("hub")
    entry: Entry = get_allowed(seen, entries.translatable_by(request.user), slug=slug)
    return entry


@sign_in_first
def translation_list(request: HttpRequest, slug: str) -> HttpResponse:
    """/catalogue/<slug>/translations/: those there are; begin another."""
    entry = _translatable(request, slug)
    translations: list[Any] = list(
        entry.translations.with_is_stale().select_related("translated_by", "reviewed_by")
    )
    reviewable = set(
        Translation.objects.reviewable_by(request.user)
        .filter(entry=entry)
        .values_list("pk", flat=True)
    )
    taken = {each.language for each in translations}
    form = LanguageForm(request.POST or None, entry=entry, taken=taken)
    if form.is_valid():
        return redirect("catalogue:translation_edit", slug, form.cleaned_data["language"])
    context = {
        "entry": entry,
        "form": form,
        "can_remove": Entry.objects.revisable_by(request.user).contains(entry),
        "lines": [
            {
                "translation": each,
                "language": codes.language_name(each.language),
                "can_review": each.pk in reviewable and not each.is_stale,
            }
            for each in translations
        ],
    }
    return render(request, "catalogue/translations/translation_list.html", context)


def _labels(**_address: object) -> Labels:
    return {name: label_of(name) for name in TRANSLATED}


@writes(_labels)
def translation_edit(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """/catalogue/<slug>/translations/<language>/: write it, the original beside it."""
    entry = _translatable(request, slug)
    if language not in codes.LANGUAGES or language == entry.language:
        raise Http404

    def make(data: Any) -> TranslationForm:
        found = entry.translations.filter(language=language).first()
        return TranslationForm(data, entry=entry, translation=found)

    def save(form: TranslationForm) -> str:
        save_translation(
            entry,
            language,
            form.texts(),
            state=form.cleaned_data["state"],
            from_version=form.cleaned_data["from_version"],
            expected_version=form.cleaned_data["version"],
            by=signed_in_member(request),
        )
        return _("The translation was saved. Somebody else can review it.")

    return form_page(
        request,
        make,
        save,
        {"entry": entry, "language": language, "language_name": codes.language_name(language)},
        done=reverse("catalogue:translation_list", args=[slug]),
        row=entry.translations.filter(language=language).first(),
        template="catalogue/translations/translation_edit.html",
    )


@require_POST
@sign_in_then("catalogue:translation_list")
def translation_review(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Call a translation right."""
    version = sent_version(request)
    review = partial(review_translation, expected_version=version)
    return _act(request, slug, language, review, _("The translation is reviewed."))


@require_POST
@sign_in_then("catalogue:translation_list")
def translation_remove(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Remove a translation."""
    return _act(request, slug, language, remove_translation, _("The translation was removed."))


def _act(
    request: HttpRequest,
    slug: str,
    language: str,
    act: Callable[..., object],
    receipt: str,
) -> HttpResponse:
    entry = _translatable(request, slug)
    translation = get_object_or_404(
        entry.translations.select_related("entry__hub"), language=language
    )
    by: Member = signed_in_member(request)
    try:
        act(translation, by=by)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, receipt)
    return redirect("catalogue:translation_list", slug)
