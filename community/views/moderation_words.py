"""Watched words: what makes posts wait, or be looked at."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import signed_in_member
from accounts.models import Member
from community.forms.moderation import WordForm
from community.models import WatchedWord
from community.services.words import unwatch_word, watch_word
from core.form_pages import form_page
from core.once import once
from core.typed import sign_in_first
from hubs.views.form_pages import writes


def _moderator(request: HttpRequest) -> Member:
    by = signed_in_member(request)
    if not by.is_moderator:
        raise PermissionDenied
    return by


@writes(WordForm)
def watched_words(request: HttpRequest) -> HttpResponse:
    """/community/moderation/words/: the words, and one more."""
    by = _moderator(request)

    def save(form: WordForm) -> str:
        watch_word(by=by, **form.cleaned_data)
        return _("The word is watched from now on.")

    words = WatchedWord.objects.select_related("added_by").order_by("text")
    return form_page(
        request,
        WordForm,
        save,
        {"words": words},
        done=reverse("community:watched_words"),
        template="community/moderation/words.html",
    )


@require_POST
@sign_in_first
@once
def watched_word_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Watch a word no longer."""
    unwatch_word(pk, by=_moderator(request))
    messages.success(request, _("The word is watched no longer."))
    return redirect("community:watched_words")
