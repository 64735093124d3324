"""The task list of a hub's page: what is stated, what is missing, where to write it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.http import signed_in_member
from core.typed import sign_in_first, sign_in_then
from hubs.models import Hub, Membership, SelfAssessment
from hubs.profile import SECTIONS, Dimension, profiles_of
from hubs.services import verify_hub
from hubs.views.editing import editable_hub
from hubs.wording import details, headline, when

Task = dict[str, Any]


@sign_in_first
def hub_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """/hubs/<slug>/edit/: the task list."""
    hub = editable_hub(request, slug)
    (profile,) = profiles_of([hub], user=request.user)
    sections: list[dict[str, Any]] = [
        {
            "section": section,
            "lines": [
                {"fact": fact, "text": headline(fact), "details": details(fact), "when": when(fact)}
                for fact in profile.facts[section.slug]
            ],
        }
        for section in SECTIONS
    ]
    tasks = [
        _identity_task(hub),
        *(_facts_task(section["section"], section["lines"]) for section in sections),
        _people_task(request, hub),
    ]
    # Consent to an assessment is the hub's own; moderators do not write it.
    can_assess = Hub.objects.assessable_by(request.user).contains(hub)
    assessments = list(SelfAssessment.objects.editable_by(request.user).filter(hub=hub))
    if can_assess:
        tasks.append(_assessment_task(assessments))
    context = {
        "hub": hub,
        "tasks": tasks,
        "sections": sections,
        "can_assess": can_assess,
        "assessments": assessments,
        "can_verify": Hub.objects.verifiable_by(request.user).contains(hub),
    }
    return render(request, "hubs/edit/hub_edit.html", context)


@require_POST
@sign_in_then("hubs:hub_detail")
def hub_verify(request: HttpRequest, slug: str) -> HttpResponse:
    """Mark the page as checked today."""
    hub = get_object_or_404(Hub.objects.visible_to(request.user), slug=slug)
    verify_hub(hub, by=signed_in_member(request))
    messages.success(request, _("The page is marked as verified today."))
    return redirect(hub)


def _identity_task(hub: Hub) -> Task:
    return {
        "url": reverse("hubs:identity_change", args=[hub.slug]),
        "label": _("Name, countries and sectors"),
        "hint": "",
        "status": _("Stated") if hub.summary else _("No summary yet"),
        "kind": "ok" if hub.summary else "warn",
    }


def _facts_task(section: Dimension, lines: list[dict[str, Any]]) -> Task:
    unsourced = sum(not line["fact"].source_list for line in lines)
    count = ngettext("%(number)d fact", "%(number)d facts", len(lines)) % {"number": len(lines)}
    if not lines:
        status, kind = _("Not stated yet"), "warn"
    elif unsourced:
        missing = ngettext("%(number)d without source", "%(number)d without source", unsourced) % {
            "number": unsourced
        }
        status, kind = f"{count}, {missing}", "warn"
    else:
        status, kind = count, "ok"
    return {
        "url": f"#{section.slug}",
        "label": section.title,
        "hint": section.question,
        "status": status,
        "kind": kind,
    }


def _people_task(request: HttpRequest, hub: Hub) -> Task:
    people = Membership.objects.visible_to(request.user).filter(hub=hub)
    held, asked = people.in_force().count(), people.awaiting().count()
    status = ngettext("%(number)d role held", "%(number)d roles held", held) % {"number": held}
    if asked:
        request_text = ngettext("%(number)d request", "%(number)d requests", asked)
        status = f"{status}, {request_text % {'number': asked}}"
    return {
        "url": reverse("hubs:membership_list", args=[hub.slug]),
        "label": _("People"),
        "hint": _("Who holds a role in this hub, and who asks for one."),
        "status": status,
        "kind": "warn" if asked else "",
    }


def _assessment_task(assessments: list[SelfAssessment]) -> Task:
    if not assessments:
        status, kind = _("Not stated yet"), ""
    elif assessments[0].consented_at is None:
        status, kind = _("Seen by this hub only"), ""
    else:
        status, kind = _("Seen by everybody"), "ok"
    return {
        "url": "#self-assessment",
        "label": _("Self-assessment"),
        "hint": _("Eight pillars; shown only with the consent of a head."),
        "status": status,
        "kind": kind,
    }
