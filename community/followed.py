"""What can be followed: one line a kind. Columns of `Follow`, words in addresses and in the API,
forms and lists are made of this table.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Followed(NamedTuple):
    """A kind of thing that can be followed.

    Its manager has `visible_to`; what everybody may see, every member may. `key` is the column
    by which addresses name one.
    """

    name: str
    label: Promise
    model: str
    key: str = "slug"

    @property
    def things(self) -> Any:
        """All things of the kind."""
        return apps.get_model(self.model)._default_manager


FOLLOWED = (
    Followed("hub", _("hub"), "hubs.Hub"),
    Followed("entry", _("experience"), "catalogue.Entry"),
    Followed("resource", _("resource"), "catalogue.Resource"),
    Followed("block", _("building block"), "catalogue.BuildingBlock"),
    Followed("exchange", _("exchange"), "evaluation.Exchange"),
    Followed("framework", _("results framework"), "evaluation.Framework"),
    Followed("story", _("impact story"), "evaluation.ImpactStory"),
    Followed("event", _("event"), "community.Event"),
    Followed("article", _("article"), "community.Article"),
    Followed("space", _("space"), "community.Space"),
    Followed("thread", _("thread"), "community.Thread", "pk"),
)
KINDS = {each.name: each for each in FOLLOWED}
NAMES = tuple(KINDS)


def kind_of(thing: Any) -> Followed:
    """Return the kind of a thing that can be followed."""
    label = thing._meta.label
    return next(each for each in FOLLOWED if each.model == label)
