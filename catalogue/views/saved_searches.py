"""Searches that a member keeps: save, list, change, delete; and no more mail, by one click."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import signed_in_member
from catalogue.alerts import silenced_by
from catalogue.filters import SearchFilter
from catalogue.forms import SavedSearchForm
from catalogue.models import SavedSearch, SearchAlert, SearchPlace, SearchRow
from catalogue.services import change_search, remove_search, save_search, silence_search
from core.facets import chips_of
from core.typed import sign_in_first, sign_in_then
from hubs.views.form_pages import form_page, writes

MAX_QUERY = 2_000  # characters, as the column
ASKED = (*SearchFilter.base_filters, "order")


def save_path(place: str, query: QueryDict) -> str:
    """Return where the search that a page shows is saved."""
    kept = _kept(query)
    kept["place"] = place
    return f"{reverse('catalogue:saved_search_add')}?{kept.urlencode()}"


def _kept(query: QueryDict) -> QueryDict:
    """Return what a page was asked for, less what is no part of the search, in fixed order."""
    kept = QueryDict(mutable=True)
    for name in ASKED:
        values = [value for value in dict.fromkeys(query.getlist(name)) if value.strip()]
        if values:
            kept.setlist(name, values)
    return kept


@writes(SavedSearchForm)
def saved_search_add(request: HttpRequest) -> HttpResponse:
    """/catalogue/saved-searches/new/?place=…: name the search that a page showed, and keep it."""
    by = signed_in_member(request)
    place = request.GET.get("place", SearchPlace.SEARCH)
    query = _kept(request.GET)
    asked = SearchFilter(query, queryset=SearchRow.objects.none())
    text = query.urlencode()
    if place not in SearchPlace.values or len(text) > MAX_QUERY or not asked.is_valid():
        raise Http404

    def save(form: SavedSearchForm) -> str:
        cleaned = form.cleaned_data
        save_search(name=cleaned["name"], place=place, query=text, alert=cleaned["alert"], by=by)
        return _("The search is saved.")

    chips = chips_of(asked.form, query)
    name = ", ".join(chip.value for chip in chips)[:120]
    return form_page(
        request,
        lambda data: SavedSearchForm(data, initial={"name": name, "alert": SearchAlert.OFF}),
        save,
        {"title": _("Save this search"), "chips": chips},
        done=reverse("catalogue:saved_search_list"),
        template="catalogue/saved_search_form.html",
    )


@require_safe
@sign_in_first
def saved_search_list(request: HttpRequest) -> HttpResponse:
    """/catalogue/saved-searches/: one's own, by name."""
    form = SearchFilter({}, queryset=SearchRow.objects.none()).form
    saved = SavedSearch.objects.visible_to(request.user).by_name()
    lines = [{"saved": each, "chips": chips_of(form, QueryDict(each.query))} for each in saved]
    return render(request, "catalogue/saved_search_list.html", {"lines": lines})


@writes(SavedSearchForm)
def saved_search_change(request: HttpRequest, pk: int) -> HttpResponse:
    """/catalogue/saved-searches/<pk>/: another name, or mail more or less often."""
    saved = get_object_or_404(SavedSearch.objects.editable_by(request.user), pk=pk)
    by = signed_in_member(request)

    def save(form: SavedSearchForm) -> str:
        cleaned = form.cleaned_data
        change_search(
            saved,
            name=cleaned["name"],
            alert=cleaned["alert"],
            expected_version=cleaned["version"],
            by=by,
        )
        return _("The search is saved.")

    filters = SearchFilter({}, queryset=SearchRow.objects.none())
    return form_page(
        request,
        lambda data: SavedSearchForm(data, instance=saved),
        save,
        {
            "title": _("Change a saved search"),
            "saved": saved,
            "chips": chips_of(filters.form, QueryDict(saved.query)),
        },
        done=reverse("catalogue:saved_search_list"),
        template="catalogue/saved_search_form.html",
    )


@require_POST
@sign_in_then("catalogue:saved_search_change", "pk")
def saved_search_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """/catalogue/saved-searches/<pk>/remove/: forget it."""
    saved = get_object_or_404(SavedSearch.objects.editable_by(request.user), pk=pk)
    remove_search(saved, by=signed_in_member(request))
    messages.success(request, _("The search is deleted."))
    return redirect("catalogue:saved_search_list")


@csrf_exempt  # the address itself is the permission, and mail programs press without a page
@require_http_methods(["GET", "HEAD", "POST"])
def saved_search_silence(request: HttpRequest, token: str) -> HttpResponse:
    """/catalogue/saved-searches/silence/<token>/: no more mail, without signing in.

    A GET only shows the button: programs that look into mails follow every link.
    """
    pk = silenced_by(token)
    saved = SavedSearch.objects.filter(pk=pk).first() if pk else None
    if saved is None:
        raise Http404
    if request.method == "POST":
        saved = silence_search(saved.pk) or saved
    context = {"is_off": saved.alert == SearchAlert.OFF, "saved": saved}
    return render(request, "catalogue/saved_search_silence.html", context)
