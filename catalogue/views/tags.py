"""The vocabulary of tags: the list for everybody, and the moderators' desk."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from catalogue.forms.vocabulary import MOST_MERGED, MergeForm, NewTagForm, TagForm
from catalogue.models import Entry, Tag
from catalogue.services import change_tag, create_tag, merge_tags, remove_tag
from catalogue.tagged import tag_counts
from core.errors import DomainError
from core.http import get_allowed
from core.shared_pages import shared_page
from core.typed import sign_in_first
from core.views import page_number
from hubs.filters import MAX_TEXT
from hubs.views.form_pages import form_page, writes

ON_DESK = 50  # tags a page
FORM = "catalogue/tags/tag_form.html"


@require_safe
@shared_page
def tag_list(request: HttpRequest) -> HttpResponse:
    """/catalogue/tags/: the tags of what the reader finds in the catalogue, by letter."""
    counts = tag_counts(request.user)
    tags = Tag.objects.visible_to(request.user).current().filter(slug__in=counts)
    letters: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for tag in sorted(tags, key=lambda tag: _plain(tag.label)):
        letters[_plain(tag.label)[:1].upper()].append({"tag": tag, "count": counts[tag.slug]})
    context = {
        "letters": dict(letters),
        "is_desk": Tag.objects.may_be_edited_by(request.user),
    }
    return render(request, "catalogue/tags/tag_list.html", context)


@require_safe
def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/catalogue/tags/<slug>/: leads to what has the tag, or what it became."""
    tags = Tag.objects.visible_to(request.user).select_related("merged_into")
    tag = get_object_or_404(tags, slug=slug)
    if tag.merged_into:
        return HttpResponsePermanentRedirect(tag.merged_into.get_absolute_url())
    return redirect(tag)


@require_safe
@sign_in_first
def tag_desk(request: HttpRequest) -> HttpResponse:
    """/catalogue/tags/desk/: all tags with what has them; those to merge are marked here."""
    words = request.GET.get("q", "").replace("\0", " ")[:MAX_TEXT]
    tags = _to_edit(request).current().matching(words).with_entry_count().by_name()
    page = Paginator(tags.prefetch_related("aliases"), ON_DESK).get_page(page_number(request))
    context = {"page_obj": page, "words": words}
    return render(request, "catalogue/tags/tag_desk.html", context)


@writes(NewTagForm)
def tag_add(request: HttpRequest) -> HttpResponse:
    """Add a tag to the vocabulary."""
    _to_edit(request)

    def save(form: NewTagForm) -> str:
        create_tag(**form.columns(), by=signed_in_member(request))
        return _("The tag is in the vocabulary.")

    context = {"title": _("Add a tag")}
    return form_page(request, NewTagForm, save, context, done=_desk(), template=FORM)


@writes(NewTagForm)
def tag_change(request: HttpRequest, slug: str) -> HttpResponse:
    """Rename a tag, in any language."""
    tag = _editable(request, slug)

    def save(form: TagForm) -> str:
        version = form.cleaned_data["version"]
        by = signed_in_member(request)
        change_tag(tag, **form.columns(), expected_version=version, by=by)
        return _("The tag was renamed.")

    context = {"title": _("Rename a tag"), "part": tag}

    def make(data: Any) -> TagForm:
        return TagForm(data, tag=Tag.objects.get(pk=tag.pk))  # as saved now

    return form_page(request, make, save, context, done=_desk(), row=tag, template=FORM)


@writes(MergeForm)
def tag_merge(request: HttpRequest) -> HttpResponse:
    """Say what a merge would change, and do it."""
    sent = request.POST if request.method == "POST" else request.GET
    slugs = [slug for slug in sent.getlist("tag") if "\0" not in slug][:MOST_MERGED]
    tags = _to_edit(request).current().filter(slug__in=slugs).with_entry_count().by_name()
    if len(tags) < 2:
        messages.error(request, _("Mark at least two tags that are the same."))
        return redirect(_desk())

    def save(form: MergeForm) -> str:
        chosen = [tag.slug for tag in form.cleaned_data["tag"]]
        number = merge_tags(
            chosen,
            into=form.cleaned_data["into"].slug,
            reason=form.cleaned_data["reason"],
            by=signed_in_member(request),
        )
        return ngettext(
            "The tags are one now; %(number)d entry was changed.",
            "The tags are one now; %(number)d entries were changed.",
            number,
        ) % {"number": number}

    context = {
        "title": _("Merge tags"),
        "tags": tags,
        "number": Entry.objects.filter(tags__overlap=[tag.slug for tag in tags]).count(),
    }
    return form_page(
        request,
        lambda data: MergeForm(data, tags=tags),
        save,
        context,
        done=_desk(),
        template="catalogue/tags/tag_merge.html",
    )


@require_POST
@sign_in_first
def tag_remove(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a tag out of the vocabulary that nothing published names."""
    try:
        remove_tag(_editable(request, slug), by=signed_in_member(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The tag was removed."))
    return redirect(_desk())


def _plain(text: str) -> str:
    """Return a name as it is ordered: without accents and case."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    return "".join(part for part in parts if not unicodedata.combining(part))


def _desk() -> str:
    return reverse("catalogue:tag_desk")


def _to_edit(request: HttpRequest) -> Any:
    if not Tag.objects.may_be_edited_by(request.user):
        raise PermissionDenied
    return Tag.objects.editable_by(request.user)


def _editable(request: HttpRequest, slug: str) -> Tag:
    """Return a tag to change: 404 for those who may not know of it, 403 for other readers."""
    tags: QuerySet[Tag] = Tag.objects.visible_to(request.user).current()
    tag: Tag = get_allowed(tags, Tag.objects.editable_by(request.user), slug=slug)
    return tag
