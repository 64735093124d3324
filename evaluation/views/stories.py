"""Impact stories: the list, and a story's page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import ExtractYear
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalogue.views.faceted import FacetedListView
from core.http import root_of
from core.shared_pages import shared_page
from core.views import ADDRESS_MEANINGS, dictionary
from evaluation.filters.stories import StoryFilter
from evaluation.models import ImpactStory, StoryState
from evaluation.querysets import StoryQuerySet
from evaluation.serializers.stories import STORY_COLUMNS, story_rows
from evaluation.story_telling import steps_of, told_changes
from hubs.models import Hub
from hubs.querysets import by_name

STORY_MEANINGS = {
    "title": _("Title, in the language of the story."),
    "language": _("Language of the texts."),
    "summary": _("What came of it, in short."),
    "exchange": _("The exchange that it tells of."),
    "hub": _("The hub that tells it."),
    "rung": _("connect, share or reform: the highest that is shown; empty: none is."),
    "strength": _(
        "How strongly the rung is shown by what everybody may see; empty: by nothing public."
    ),
    "no_change_found": _("Whether a change was looked for and none was found."),
    "what_did_not_work": _("What did not work."),
    "other_explanations": _("What else could explain it."),
    "published_at": _("When it was published (UTC)."),
}


class StoryListView(FacetedListView):
    """/evaluation/stories/: as page, fragment, feed, CSV."""

    filterset_class = StoryFilter
    template_name = "evaluation/story_list.html"
    results_template_name = "evaluation/_story_fragment.html"
    facets = {
        "rung": ("reached", False),
        "strength": ("strength", False),
        "no_change": ("no_change_found", False),
        "hub": ("exchange__hub__slug", False),
        "sector": ("exchange__sectors", True),
        "year": (ExtractYear("exchange__starts_on"), False),
    }
    orders = {
        "published_at": F("published_at"),
        "title": by_name("title"),
        "updated_at": F("updated_at"),
    }
    order_menu = (
        ("-published_at", _("Newest first")),
        ("title", _("Title")),
        ("-updated_at", _("Last change, newest first")),
    )
    columns = dictionary(STORY_COLUMNS, STORY_MEANINGS | ADDRESS_MEANINGS)

    def get_queryset(self) -> StoryQuerySet:
        found: StoryQuerySet = ImpactStory.objects.visible_to(self.request.user).published()
        return found

    def export_rows(self, things: QuerySet[Any]) -> Iterable[Mapping[str, object]]:
        return story_rows(things, root=root_of(self.request))

    def noun(self) -> str:
        return "stories"

    def get_context(self, things: QuerySet[Any], *, is_valid: bool) -> dict[str, Any]:
        things = things.select_related("exchange__hub")
        context = super().get_context(things, is_valid=is_valid)
        user = self.request.user
        return context | {
            "count": context["page_obj"].paginator.count,
            "facets": list(self.facet_list()),
            "is_writer": user.is_authenticated and Hub.objects.assessable_by(user).exists(),
        }


@require_safe
@shared_page
def story_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """/evaluation/stories/<slug>/: rung by rung, and what speaks against it."""
    found = ImpactStory.objects.visible_to(request.user)
    story: Any = get_object_or_404(found.select_related("exchange__hub", "author"), slug=slug)
    user, stories = request.user, ImpactStory.objects
    same = stories.filter(pk=story.pk)
    context = {
        "story": story,
        "steps": list(steps_of(story, user)),
        "changes": told_changes(story),
        "sources": list(story.sources.all()),
        "can_edit": same.editable_by(user).exists(),
        "can_publish": same.publishable_by(user).exists(),
        "can_take_back": story.state == StoryState.SUBMITTED and same.submittable_by(user).exists(),
        "can_take_up": same.resumable_by(user).exists(),
        "can_withdraw": same.withdrawable_by(user).exists(),
    }
    return render(request, "evaluation/story_detail.html", context)
