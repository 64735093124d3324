"""Spaces: all of them with what is new, one with its threads, its people and its settings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.http import signed_in_member
from accounts.models import Member
from community.forms.talk import PersonForm, SpaceForm
from community.models import Space, SpacePerson, Thread
from community.services import spaces as services
from community.views.threads import ThreadListView
from core.errors import DomainError
from core.form_pages import form_page
from core.http import get_allowed
from core.once import once
from core.shared_pages import shared_page
from core.typed import sign_in_first, sign_in_then
from hubs.views.form_pages import writes

FORM = "community/talk_form.html"
NEWEST = 10  # threads on the page of all spaces


@require_safe
@shared_page
def community_home(request: HttpRequest) -> HttpResponse:
    """/community/: the spaces, and where something was written last."""
    user = request.user
    threads = Thread.objects.visible_to(user).listed()
    counted = Q(threads__in=threads.values("pk"))
    spaces = (
        Space.objects.visible_to(user)
        .annotate(
            thread_count=Count("threads", filter=counted),
            last_post_at=Max("threads__last_post_at", filter=counted),
        )
        .order_by("is_archived", "name", "pk")
    )
    newest = threads.with_read(user).for_list().order_by("-last_post_at", "-pk")[:NEWEST]
    context = {
        "spaces": spaces,
        "threads": newest,
        "may_begin": user.is_authenticated and user.is_moderator,
    }
    return render(request, "community/community_home.html", context)


class SpaceView(ThreadListView):
    """/community/<space>/: its threads, the pinned ones first; as page, feed, CSV."""

    template_name = "community/space_detail.html"
    facets = {}

    def get(self, request: HttpRequest, slug: str) -> HttpResponseBase:
        found = Space.objects.visible_to(request.user).with_rights_of(request.user)
        self.space: Any = get_object_or_404(found.select_related("hub"), slug=slug)
        return super().get(request)

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(space=self.space)

    def noun(self) -> str:
        return f"threads-{self.space.slug}"

    def feed_title(self) -> str:
        return str(self.space)

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        context = super().get_context(things.filter(is_pinned=False), is_valid=is_valid)
        is_first = not self.request.GET.get("cursor")
        has_pinned = Thread.objects.filter(space=self.space, is_pinned=True).exists()
        return context | {
            "space": self.space,
            "pinned": self.as_listed(things.filter(is_pinned=True))
            if is_first and has_pinned
            else [],
        }


@writes(SpaceForm)
def space_begin(request: HttpRequest) -> HttpResponse:
    """/community/spaces/new/: a new space."""
    by = signed_in_member(request)
    made: list[Space] = []

    def make(data: Any) -> SpaceForm:
        return SpaceForm(data)

    def save(form: SpaceForm) -> str:
        made.append(services.begin_space(by=by, **form.columns()))
        return _("The space is open.")

    if not by.is_moderator:
        raise PermissionDenied
    context = {
        "title": _("Open a space"),
        "button": _("Open the space"),
        "cancel_url": reverse("community:community_home"),
    }
    return form_page(
        request, make, save, context, done=lambda: made[0].get_absolute_url(), template=FORM
    )


def moderated_space(request: HttpRequest, slug: str) -> Any:
    """Return a space: 404 if the reader may not see it, 403 if they do not moderate it."""
    spaces, user = Space.objects, request.user
    return get_allowed(spaces.visible_to(user), spaces.moderated_by(user), slug=slug)


@writes(SpaceForm)
def space_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/<space>/edit/: what it says, and whom it lets in."""
    space = moderated_space(request, slug)
    by = signed_in_member(request)

    def make(data: Any) -> SpaceForm:
        return SpaceForm(data, instance=Space.objects.get(pk=space.pk))

    def save(form: SpaceForm) -> str:
        version = form.cleaned_data["version"] or 0
        services.change_space(space, changes=form.columns(), expected_version=version, by=by)
        return _("The space was changed.")

    context = {
        "space": space,
        "title": _("Change the space"),
        "cancel_url": space.get_absolute_url(),
    }
    done = space.get_absolute_url()
    return form_page(request, make, save, context, done=done, row=space, template=FORM)


@require_POST
@sign_in_then("community:space_detail")
@once
def space_archive(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/<space>/archive/: set it aside (`archived=yes`), or open it again."""
    space = moderated_space(request, slug)
    is_archived = request.POST.get("archived") == "yes"
    services.set_archived(space, is_archived=is_archived, by=signed_in_member(request))
    done = _("The space is archived.") if is_archived else _("The space is open again.")
    messages.success(request, done)
    return redirect(space)


@sign_in_first
@once
def space_people(request: HttpRequest, slug: str) -> HttpResponse:
    """/community/<space>/people/: who belongs to it; its moderators name them."""
    spaces, user = Space.objects, request.user
    space = get_allowed(spaces.visible_to(user), spaces.showing_people_to(user), slug=slug)
    by = signed_in_member(request)
    can_moderate = spaces.moderated_by(user).contains(space)
    if request.method == "POST" and not can_moderate:
        raise PermissionDenied

    def save(form: PersonForm) -> str:
        member = get_object_or_404(Member.objects.taking_part(), slug=form.cleaned_data["member"])
        services.set_person(space, member, role=form.cleaned_data["role"], by=by)
        return _("%(name)s belongs to the space.") % {"name": member.name}

    context = {
        "space": space,
        "people": space.people.select_related("member").order_by("-role", "member__name"),
        "can_moderate": can_moderate,
    }
    return form_page(
        request,
        PersonForm,
        save,
        context,
        done=request.path,
        template="community/space_people.html",
    )


@require_POST
@sign_in_then("community:space_detail")
@once
def person_remove(request: HttpRequest, slug: str, member: str) -> HttpResponse:
    """/community/<space>/people/<member>/remove/: they belong to it no longer."""
    by = signed_in_member(request)
    belongs = SpacePerson.objects.filter(space=OuterRef("pk"), member__slug=member)
    spaces = Space.objects.visible_to(by).filter(Exists(belongs))
    space: Any = get_object_or_404(spaces, slug=slug)
    person: Any = get_object_or_404(Member, slug=member)
    try:
        services.remove_person(space, person, by=by)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        text = _("%(name)s does not belong to the space any more.")
        messages.success(request, text % {"name": person.name})
    if not Space.objects.showing_people_to(by).contains(space):
        return redirect("community:community_home")
    return redirect("community:space_people", space.slug)
