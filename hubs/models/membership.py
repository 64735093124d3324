"""Who works in a hub, in which role; confirmed memberships carry the rights."""

import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.dates import today
from core.fields import choice_known
from hubs.querysets import MembershipQuerySet


class MembershipRole(models.TextChoices):
    HEAD = "head", _("Head")
    EDITOR = "editor", _("Editor")
    ME_FOCAL_POINT = "me_focal_point", _("M&E focal point")
    CORRESPONDENT = "correspondent", _("Correspondent")


class Membership(models.Model):
    """A member's role in a hub, for a time.

    Asked for by the member, confirmed or declined by one of the hub's heads or by a
    moderator, never by the member. Change it through `hubs.services` only.
    """

    Role = MembershipRole

    member = models.ForeignKey(
        "accounts.Member", models.PROTECT, related_name="memberships", verbose_name=_("member")
    )
    hub = models.ForeignKey(
        "hubs.Hub", models.PROTECT, related_name="memberships", verbose_name=_("hub")
    )
    role = models.CharField(_("role"), max_length=14, choices=MembershipRole)
    valid_from = models.DateField(_("from"), null=True, blank=True, default=today)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    message = models.TextField(_("message to the hub"), max_length=1_000, blank=True)
    requested_at = models.DateTimeField(_("requested"), db_default=Now(), editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="confirmed_memberships",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("confirmed by"),
    )
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True, editable=False)
    decline_reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        indexes = [models.Index(fields=["member", "hub"], name="hubs_membership_member_hub")]
        constraints = [
            choice_known("hubs_membership", "role", MembershipRole),
            models.UniqueConstraint(
                fields=["member", "hub", "role"],
                condition=Q(valid_to=None, declined_at=None),
                name="hubs_membership_open_once",
                violation_error_message=_("You have this role, or have asked for it, already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="hubs_membership_ends_after_start",
                violation_error_message=_("The end must not be before the start."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(confirmed_by__isnull=False),
                name="hubs_membership_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("member")),
                name="hubs_membership_not_self_confirmed",
                violation_error_message=_("Nobody confirms their own membership."),
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(declined_at=None),
                name="hubs_membership_confirmed_or_declined",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}, {self.get_role_display()}"

    @property
    def has_ended(self) -> bool:
        return self.valid_to is not None and self.valid_to < today()

    def end(self, day: datetime.date) -> None:
        """Set the last day to the day before `day`, without saving: the rights end at once.

        A membership that began on `day` itself is left without any day.
        """
        last = day - datetime.timedelta(days=1)
        if self.valid_from is not None and self.valid_from > last:
            self.valid_from = last
        self.valid_to = last
