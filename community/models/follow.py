"""What a member wants to hear of."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from community.followed import FOLLOWED, NAMES, Followed
from community.querysets.follows import FollowQuerySet
from core.fields import choice_known


class FollowLevel(models.TextChoices):
    WATCH = "watch", _("Tell me")
    DIGEST = "digest", _("Only in the mail that gathers all")
    MUTE = "mute", _("Tell me nothing")


class Follow(models.Model):
    """How closely a member follows one thing; muted, nothing is told of it, not even where they
    follow what it belongs to.

    It has one column for each kind of `community.followed.FOLLOWED`, and exactly one is filled.
    """

    Level = FollowLevel

    member = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="follows",
        editable=False,
        verbose_name=_("member"),
    )
    level = models.CharField(_("how closely"), max_length=6, choices=FollowLevel)
    created_at = models.DateTimeField(_("since"), db_default=Now(), editable=False)

    objects = FollowQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("thing followed")
        verbose_name_plural = _("things followed")
        constraints = [
            choice_known("community_follow", "level", FollowLevel),
            models.CheckConstraint(
                condition=Q(
                    Exact(
                        models.Func(
                            *NAMES, function="num_nonnulls", output_field=models.IntegerField()
                        ),
                        1,
                    )
                ),
                name="community_follow_of_one_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=["member", name],
                    condition=Q(**{f"{name}__isnull": False}),
                    name=f"community_follow_{name}_once",
                )
                for name in NAMES
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()}: {self.thing}"

    @property
    def kind(self) -> str:
        """The name of the kind of thing."""
        return next(name for name in NAMES if getattr(self, f"{name}_id") is not None)

    @property
    def thing(self) -> Any:
        """What is followed; fetched with `with_things`."""
        return getattr(self, self.kind)


def _link(kind: Followed) -> Any:
    label: Any = kind.label
    return models.ForeignKey(
        kind.model,
        models.CASCADE,
        related_name="followers",
        null=True,
        editable=False,
        verbose_name=label,
    )


for each in FOLLOWED:
    Follow.add_to_class(each.name, _link(each))
