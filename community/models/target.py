"""What reports and decisions are about: exactly one of the things that can be moderated."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.querysets.moderation import TARGETS

KIND_LABELS = {
    "post": _("Post"),
    "thread": _("Thread"),
    "entry": _("Entry"),
    "resource": _("Resource"),
    "hub": _("Hub"),
    "person": _("Member"),
}


def one_target() -> Q:
    """Return the condition that exactly one of the links is set."""
    told = Q()
    for one in TARGETS:
        told |= Q(**{f"{name}__isnull": name != one for name in TARGETS})
    return told


class OnTarget(models.Model):
    """A row about one post, thread, entry, resource, hub or member."""

    post = models.ForeignKey(
        "community.Post",
        models.PROTECT,
        related_name="%(class)ss",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("post"),
    )
    thread = models.ForeignKey(
        "community.Thread",
        models.PROTECT,
        related_name="%(class)ss",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("thread"),
    )
    entry = models.ForeignKey(
        "catalogue.Entry",
        models.PROTECT,
        related_name="%(class)ss",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("entry"),
    )
    resource = models.ForeignKey(
        "catalogue.Resource",
        models.PROTECT,
        related_name="%(class)ss",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("resource"),
    )
    hub = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="%(class)ss",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("hub"),
    )
    person = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="%(class)ss",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("profile"),
    )

    class Meta:
        abstract = True

    @property
    def kind(self) -> str:
        """Which of the links is set."""
        return next(name for name in TARGETS if getattr(self, f"{name}_id") is not None)

    @property
    def thing(self) -> Any:
        """What it is about."""
        return getattr(self, self.kind)
