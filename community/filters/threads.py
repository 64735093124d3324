"""Query-string filters of threads, the same for the pages, the API and the CSV export."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters as df
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from community.models import ABOUT, Post, PostState, Space, Thread, ThreadKind
from core import codes
from core.filters import ChoicesFilter
from hubs.filters import MAX_TEXT, AskingOnceFilterSet, YesNoFilter

NO_THING = "nothing"
ABOUT_LABELS = {
    "hub": _("A hub"),
    "entry": _("An experience"),
    "resource": _("A resource"),
    "event": _("An event"),
    "article": _("An article"),
    "exchange": _("An exchange"),
    "story": _("An impact story"),
}


def about_choices() -> list[tuple[str, Any]]:
    return [*((name, ABOUT_LABELS[name]) for name in ABOUT), (NO_THING, _("Nothing else"))]


def _spaces_for(request: HttpRequest | None) -> Callable[[], list[tuple[str, str]]]:
    """Return what gives the spaces that the reader may see: of others not even the name is told.

    A function of its own, since forms copy what they hold, and a request cannot be copied.
    """
    user = request.user if request else AnonymousUser()

    def spaces() -> list[tuple[str, str]]:
        seen = Space.objects.visible_to(user).order_by("name", "pk")
        return list(seen.values_list("slug", "name"))

    return spaces


class ThreadFilter(AskingOnceFilterSet):
    """What a list of threads can be asked for. Each may be given several times: any of them."""

    asked_once = ("space",)

    q = df.CharFilter(method="filter_text", label=_("Search"), max_length=MAX_TEXT)
    space = ChoicesFilter(field_name="space__slug", choices=list[tuple[str, str]], label=_("Space"))
    kind = ChoicesFilter(choices=ThreadKind.choices, label=_("Kind"))
    about = ChoicesFilter(method="filter_about", choices=about_choices, label=_("About"))
    answered = YesNoFilter(
        condition=Q(accepted__isnull=False),
        choices=[("yes", _("Has an accepted answer")), ("no", _("Has none"))],
        label=_("Answer"),
    )
    open = YesNoFilter(
        condition=Q(state="open"),
        choices=[("yes", _("Open")), ("no", _("Closed"))],
        label=_("State"),
    )
    language = ChoicesFilter(choices=codes.language_choices, label=_("Language"))

    class Meta:
        model = Thread
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["space"].extra["choices"] = _spaces_for(self.request)

    def filter_text(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.matching(value)

    def filter_about(self, queryset: Any, name: str, value: list[str]) -> Any:
        """Threads about any of the kinds of things chosen."""
        if not value:
            return queryset
        found = Q()
        for each in value:
            if each == NO_THING:
                found |= Q(**{f"{one}__isnull": True for one in ABOUT})
            else:
                found |= Q(**{f"{each}__isnull": False})
        return queryset.filter(found)


class PostFilter(df.FilterSet):
    """What a list of posts can be asked for."""

    thread = df.NumberFilter(field_name="thread", label=_("Thread"))
    author = df.CharFilter(field_name="author__slug", label=_("Author"), max_length=80)
    state = ChoicesFilter(choices=PostState.choices, label=_("State"))

    class Meta:
        model = Post
        fields: list[str] = []
