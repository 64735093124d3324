"""What makes news: the sentence of each kind of activity that followers are told of, what it
belongs to, and who else is told. What is not in this table is told to nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.models import ABOUT, ARTICLE_ABOUT, Reason
from community.querysets.articles import HUB_PATHS
from community.querysets.follows import TOLD_OF

if TYPE_CHECKING:
    from accounts.models import Activity

NEWS_SPACE = "announcements-and-news"  # the name in addresses of the space of the portal's news
# (name of a kind of `FOLLOWED`, key of the thing)
Link = tuple[str, int]
# What each of these things, by its key, belongs to: nearest first, itself included.
LinksOf = Callable[[Collection[int]], Mapping[int, list[Link]]]

NEWS: dict[str, Promise] = {
    "adoption.confirmed": _("Somebody works with it now: %(thing)s"),
    "article.published": _("New on the portal: %(thing)s"),
    "block.published": _("New building block: %(thing)s"),
    "event.cancelled": _("Event cancelled: %(thing)s"),
    "event.published": _("New event: %(thing)s"),
    "entry.archived": _("Set aside in the archive: %(thing)s"),
    "entry.contested": _("Marked as contested: %(thing)s"),
    "entry.published": _("Experience published: %(thing)s"),
    "entry.settled": _("No longer contested: %(thing)s"),
    "exchange.moved": _("An exchange has come further: %(thing)s"),
    "exchange.published": _("Exchange published: %(thing)s"),
    "fact.added": _("New fact about %(thing)s"),
    "fact.changed": _("Changed fact about %(thing)s"),
    "fact.removed": _("Fact taken out about %(thing)s"),
    "framework.published": _("Results framework published: %(thing)s"),
    "hub.changed": _("Changed page: %(thing)s"),
    "hub.verified": _("Page checked and found right: %(thing)s"),
    "post.written": _("New post in: %(thing)s"),
    "resource.published": _("New resource: %(thing)s"),
    "story.published": _("Impact story published: %(thing)s"),
    "story.rung_raised": _("An impact story reached a higher rung: %(thing)s"),
    "thread.answered": _("Question answered: %(thing)s"),
    "thread.begun": _("New thread: %(thing)s"),
    "thread.closed": _("Thread closed: %(thing)s"),
}
# Who is told of an activity of a verb whatever they follow: their numbers, and why. One query at
# most; it is asked for activities that were just recorded.
ALSO_TOLD: dict[str, Callable[[Activity], Iterable[tuple[int, Reason]]]] = {}
# What it is called in a notice, and in a mail, where the activity names nothing: whoever is told
# may read it, and finds its name behind the link.
KEPT_BACK: dict[str, Promise] = {
    "community.Event": _("Event of a confidential exchange"),
    "evaluation.Exchange": _("Confidential exchange"),
    "evaluation.Framework": _("Confidential results framework"),
    "evaluation.ImpactStory": _("Confidential story"),
}
# Pages of things whose address is not recorded where not everybody may read them.
_PAGES = {"community.Post": "community:post_detail", "community.Thread": "community:thread_unread"}


class _Path(NamedTuple):
    """A column that leads from a thing to one that it belongs to, and the kind of that."""

    kind: str
    column: str


def _by_columns(model: str, *paths: _Path) -> LinksOf:
    """Return what finds links along columns: one query for any number of things."""

    def links(pks: Collection[int]) -> dict[int, list[Link]]:
        rows = _things(model).filter(pk__in=pks)
        found: dict[int, list[Link]] = {}
        for pk, *keys in rows.values_list("pk", *(path.column for path in paths)):
            pairs = zip(paths, keys, strict=True)
            here = [(path.kind, key) for path, key in pairs if key is not None]
            found[pk] = list(dict.fromkeys([*found.get(pk, []), *here]))
        return found

    return links


def _with_parties(model: str, prefix: str, *paths: _Path) -> LinksOf:
    """Return what does so, and adds the hubs that are party to the exchange behind `prefix`."""
    own = _by_columns(model, *paths)

    def links(pks: Collection[int]) -> dict[int, list[Link]]:
        found = dict(own(pks))
        hubs = _things(model).filter(pk__in=pks, **{f"{prefix}parties__hub__isnull": False})
        for pk, hub in hubs.values_list("pk", f"{prefix}parties__hub"):
            found[pk] = list(dict.fromkeys([*found[pk], ("hub", hub)]))
        return found

    return links


def _told_as_news(model: str, *paths: _Path) -> LinksOf:
    """Return what finds links along columns, and adds the space of the portal's own news: who
    follows that hears of everything of this model.
    """
    own = _by_columns(model, *paths)

    def links(pks: Collection[int]) -> dict[int, list[Link]]:
        spaces = _things("community.Space").filter(slug=NEWS_SPACE)
        news = [("space", pk) for pk in spaces.values_list("pk", flat=True)]
        return {pk: [*found, *news] for pk, found in own(pks).items()}

    return links


def _things(model: str) -> Any:
    return apps.get_model(model)._default_manager


# Of what activities that make news are about: see `TOLD_OF`.
LINKS: dict[str, LinksOf] = {
    "hubs.Hub": _by_columns("hubs.Hub", _Path("hub", "pk")),
    "catalogue.Entry": _by_columns("catalogue.Entry", _Path("entry", "pk"), _Path("hub", "hub")),
    "catalogue.Resource": _by_columns(
        "catalogue.Resource", _Path("resource", "pk"), _Path("hub", "hub")
    ),
    "catalogue.BuildingBlock": _by_columns(
        "catalogue.BuildingBlock", _Path("block", "pk"), _Path("hub", "hub")
    ),
    "catalogue.Adoption": _by_columns(
        "catalogue.Adoption",
        _Path("entry", "entry"),
        _Path("block", "block"),
        _Path("hub", "entry__hub"),
        _Path("hub", "block__hub"),
        _Path("hub", "hub"),
    ),
    "evaluation.Exchange": _with_parties(
        "evaluation.Exchange", "", _Path("exchange", "pk"), _Path("hub", "hub")
    ),
    "evaluation.Framework": _by_columns(
        "evaluation.Framework",
        _Path("framework", "pk"),
        _Path("exchange", "exchange"),
        _Path("hub", "hub"),
        _Path("hub", "exchange__hub"),
    ),
    "evaluation.ImpactStory": _with_parties(
        "evaluation.ImpactStory",
        "exchange__",
        _Path("story", "pk"),
        _Path("exchange", "exchange"),
        _Path("hub", "exchange__hub"),
    ),
}
_OF_THREAD = [
    _Path("space", "space"),
    *(_Path(name, name) for name in ABOUT),
]
LINKS |= {
    "community.Article": _told_as_news(
        "community.Article",
        _Path("article", "pk"),
        *(_Path(name, name) for name in ARTICLE_ABOUT),
        *(_Path("hub", path) for path in HUB_PATHS if path != "hub"),
    ),
    "community.Event": _by_columns(
        "community.Event", _Path("event", "pk"), _Path("hub", "hubs"), _Path("exchange", "exchange")
    ),
    "community.Space": _by_columns("community.Space", _Path("space", "pk")),
    "community.Thread": _by_columns("community.Thread", _Path("thread", "pk"), *_OF_THREAD),
    "community.Post": _by_columns(
        "community.Post",
        _Path("thread", "thread"),
        *(_Path(path.kind, f"thread__{path.column}") for path in _OF_THREAD),
    ),
}
_MODELS = {label.lower(): label for label in TOLD_OF}


def model_of(activity: Activity) -> str | None:
    """Return the model that an activity is about; None for one that makes no news."""
    return _MODELS.get(f"{activity.object_app}.{activity.object_model}")


def thing_of(activity: Activity) -> Any:
    """Return what news are about; the caller knows that the reader may see it."""
    return _things(_MODELS[f"{activity.object_app}.{activity.object_model}"]).get(
        pk=activity.object_pk
    )


def is_news(activity: Activity) -> bool:
    """Return whether followers are told of an activity."""
    return activity.verb in NEWS and model_of(activity) is not None


def links_of(activities: Iterable[Activity]) -> dict[int, list[Link]]:
    """Return by activity what it belongs to, nearest first; a query or two for each model."""
    by_model: dict[str, dict[int, list[int]]] = {}
    for activity in activities:
        model = model_of(activity)
        if model is not None:
            pks = by_model.setdefault(model, {})
            pks.setdefault(activity.object_pk, []).append(activity.pk)
    found = ((pks, LINKS[model](pks)) for model, pks in by_model.items())
    return {
        activity: list(links[pk])
        for pks, links in found
        for pk, activities_of in pks.items()
        if pk in links
        for activity in activities_of
    }


def sentence_of(activity: Activity) -> str:
    """Return what happened, in the reader's language."""
    model = model_of(activity) or ""
    kept_back = KEPT_BACK.get(model, _("something that not everybody may read"))
    is_named = bool(activity.label) and (bool(activity.address) or model not in KEPT_BACK)
    thing = activity.label if is_named else str(kept_back)
    return str(NEWS.get(activity.verb, activity.verb_text)) % {"thing": thing}


def address_of(activity: Activity) -> str:
    """Return where it can be seen, "" where there is no page."""
    model = model_of(activity) or ""
    if activity.address:
        return activity.address
    if model in _PAGES:
        return reverse(_PAGES[model], args=[activity.object_pk])
    return reverse("community:news_page", args=[activity.pk]) if model in KEPT_BACK else ""


def told_to(activities: Iterable[Activity]) -> dict[int, dict[int, Reason]]:
    """Return by activity who is told whatever they follow, and why."""
    return {
        each.pk: dict(ALSO_TOLD[each.verb](each)) for each in activities if each.verb in ALSO_TOLD
    }


def all_links(links: Mapping[int, list[Link]]) -> dict[str, set[int]]:
    """Return all things that are linked, by kind."""
    found: dict[str, set[int]] = {}
    for kind, pk in chain.from_iterable(links.values()):
        found.setdefault(kind, set()).add(pk)
    return found
