"""Pages on which people write the library."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import signed_in_member
from catalogue.forms import ResourceForm, ResourceLinkForm
from catalogue.models import Resource, ResourceLink
from catalogue.querysets import may_add_resources
from catalogue.services import (
    add_link,
    change_resource,
    create_resource,
    publish_resource,
    remove_link,
    withdraw_resource,
)
from core.errors import DomainError
from core.http import get_allowed, sent_version
from core.typed import sign_in_then
from hubs.models import Hub
from hubs.views.form_pages import form_page, writes

TEMPLATE = "catalogue/resource_form.html"


def editable_resource(request: HttpRequest, slug: str) -> Resource:
    """Return a resource to write: 404 if the reader may not see it, 403 if not write it."""
    user, resources = request.user, Resource.objects
    resource: Resource = get_allowed(
        resources.visible_to(user), resources.editable_by(user), slug=slug
    )
    return resource


@writes(ResourceForm)
def resource_add(request: HttpRequest) -> HttpResponse:
    """/catalogue/resources/add/: a new resource, which is a draft until it is published."""
    if not may_add_resources(request.user):
        raise PermissionDenied
    by = signed_in_member(request)
    made: list[Resource] = []

    def make(data: Any) -> ResourceForm:
        mine = Hub.objects.editable_by(by).filter(slug=request.GET.get("hub", "")[:100])
        return ResourceForm(data, user=by, initial={"hub": mine.first()})

    def save(form: ResourceForm) -> str:
        new = Resource(**form.columns())
        made.append(create_resource(new, entries=form.cleaned_data["entries"], by=by))
        return _("The resource is a draft. Add its copies, check it, then publish it.")

    context = {"title": _("Add a resource"), "cancel_url": reverse("catalogue:resource_list")}
    return form_page(
        request,
        make,
        save,
        context,
        done=lambda: made[0].get_absolute_url(),
        template=TEMPLATE,
    )


@writes(ResourceForm)
def resource_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """/catalogue/resources/<slug>/edit/: what is known of a resource."""
    resource = editable_resource(request, slug)
    by = signed_in_member(request)

    def make(data: Any) -> ResourceForm:
        # As saved: a form writes what was typed into its instance.
        return ResourceForm(data, instance=Resource.objects.get(pk=resource.pk), user=by)

    def save(form: ResourceForm) -> str:
        change_resource(
            resource,
            changes=form.columns(),
            entries=form.cleaned_data["entries"],
            expected_version=form.cleaned_data["version"] or 0,
            by=by,
        )
        return _("The resource was saved.")

    context = {"resource": resource, "title": _("Edit this resource")}
    done = resource.get_absolute_url()
    return form_page(request, make, save, context, done=done, row=resource, template=TEMPLATE)


@writes(ResourceLinkForm)
def resource_link_add(request: HttpRequest, slug: str) -> HttpResponse:
    """/catalogue/resources/<slug>/copies/add/: an address or a file."""
    resource = editable_resource(request, slug)
    by = signed_in_member(request)

    def make(data: Any) -> ResourceLinkForm:
        return ResourceLinkForm(data, request.FILES if data is not None else None)

    def save(form: ResourceLinkForm) -> str:
        add_link(resource, form.link(), by=by)
        return _("The copy was added.")

    context = {"resource": resource, "title": _("Add a copy"), "button": _("Add")}
    done = resource.get_absolute_url()
    return form_page(request, make, save, context, done=done, template=TEMPLATE)


@require_POST
@sign_in_then("catalogue:resource_detail")
def resource_link_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a copy away; one that is gone already needs no more."""
    resource = editable_resource(request, slug)
    link = ResourceLink.objects.filter(resource=resource, pk=pk).first()
    if link is not None:
        remove_link(link, by=signed_in_member(request))
        messages.success(request, _("The copy was taken away."))
    return redirect(resource)


@require_POST
@sign_in_then("catalogue:resource_detail")
def resource_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the resource to everybody, as it was read."""
    resource = editable_resource(request, slug)
    version, by = sent_version(request), signed_in_member(request)
    try:
        publish_resource(resource, expected_version=version, by=by)
    except DomainError:
        messages.error(request, _("Somebody saved this meanwhile. Read it again, then publish it."))
    else:
        messages.success(request, _("Everybody may see the resource now."))
    return redirect(resource)


@require_POST
@sign_in_then("catalogue:resource_detail")
def resource_withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the resource a draft again."""
    resource = editable_resource(request, slug)
    withdraw_resource(resource, by=signed_in_member(request))
    messages.success(request, _("The resource is a draft again. Only its hub's people see it."))
    return redirect(resource)
