"""Announcements by mail to a segment of the members, and who got each."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from community.querysets.announcements import AnnouncementQuerySet, RecipientQuerySet
from core import codes
from core.fields import CodeArrayField, choice_known, codes_known
from core.visible import something_to_see
from hubs.models.membership import MembershipRole

MOST_TEXT = 10_000  # characters
MOST_NAMED = 50  # hubs, spaces or events of one segment


def role_choices() -> list[tuple[str, str]]:
    """Return (code, name) of the roles in hubs."""
    return [(code, str(name)) for code, name in MembershipRole.choices]


def _names(label: Any) -> Any:
    return ArrayField(
        models.SlugField(max_length=80),
        size=MOST_NAMED,
        default=list,
        blank=True,
        verbose_name=label,
    )


class AnnouncementState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    STOPPED = "stopped", _("Stopped")


class Tie(models.TextChoices):
    """What binds a member to the hubs of a segment."""

    BOTH = "both", _("Its people, and who follows it")
    PEOPLE = "people", _("Its people: who has a role in it")
    FOLLOWERS = "followers", _("Who follows it")


class Announcement(models.Model):
    """A mail of the portal's moderators to members, or of a hub's heads to the hub's people.

    Life cycle: draft -> sending -> sent, or stopped on the way. The columns from `ties` on are
    the segment: a member is meant who fits all that are filled, and for each any of its values.
    Hubs, spaces and events are kept by their names in addresses, which never change. With `hub`
    it goes to the people of that hub, and the other columns stay empty: what else a head could
    count, they may not know. Who gets it is fixed in `AnnouncementRecipient`s at the start.
    Change it through `community.services.announcements` only.
    """

    State = AnnouncementState
    Tie = Tie

    # What narrows down whom it goes to; `ties` says how those of `hubs` are meant.
    SEGMENT = (
        *("ties", "hubs", "roles", "spaces", "events", "countries", "regions"),
        *("languages", "sectors", "joined_since"),
    )

    hub = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="announcements",
        null=True,
        blank=True,
        verbose_name=_("hub"),
    )
    subject = models.CharField(_("subject"), max_length=200, validators=[something_to_see])
    body = models.TextField(_("text"), max_length=MOST_TEXT, validators=[something_to_see])
    language = models.CharField(_("language of the text"), max_length=7, default="en")
    ties = models.CharField(_("of a hub"), max_length=9, choices=Tie, default=Tie.BOTH)
    hubs = _names(_("hubs"))
    roles = CodeArrayField(
        role_choices,
        base_field=models.CharField(max_length=14),
        verbose_name=_("roles in hubs"),
    )
    spaces = _names(_("followers of spaces"))
    events = _names(_("who has a seat at events"))
    countries = CodeArrayField(codes.country_choices, verbose_name=_("countries"))
    regions = CodeArrayField(codes.region_choices, verbose_name=_("regions"))
    languages = CodeArrayField(codes.language_choices, verbose_name=_("languages that they read"))
    sectors = CodeArrayField(codes.sector_choices, verbose_name=_("sectors of interest"))
    joined_since = models.DateField(_("joined since"), null=True, blank=True)
    space = models.ForeignKey(
        "community.Space",
        models.PROTECT,
        related_name="announcements",
        null=True,
        blank=True,
        verbose_name=_("also post it in the space"),
    )
    thread = models.OneToOneField(
        "community.Thread",
        models.SET_NULL,
        related_name="announcement",
        null=True,
        editable=False,
        verbose_name=_("thread"),
    )
    state = models.CharField(
        _("state"),
        max_length=7,
        choices=AnnouncementState,
        default=AnnouncementState.DRAFT,
        editable=False,
    )
    written_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="announcements",
        editable=False,
        verbose_name=_("written by"),
    )
    started_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="announcements_started",
        null=True,
        editable=False,
        verbose_name=_("sent by"),
    )
    stopped_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="announcements_stopped",
        null=True,
        editable=False,
        verbose_name=_("stopped by"),
    )
    started_at = models.DateTimeField(_("sending began"), null=True, editable=False)
    ended_at = models.DateTimeField(_("sending ended"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("begun"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AnnouncementQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            choice_known("community_announcement", "state", AnnouncementState),
            choice_known("community_announcement", "ties", Tie),
            codes_known("community_announcement", "roles", MembershipRole.values),
            codes_known("community_announcement", "countries", codes.COUNTRIES),
            codes_known("community_announcement", "regions", codes.REGIONS),
            codes_known("community_announcement", "sectors", codes.SECTORS),
            codes_known("community_announcement", "languages", codes.LANGUAGES),
            models.CheckConstraint(
                condition=Q(language__in=codes.LANGUAGES),
                name="community_announcement_language_known",
                violation_error_message=_("Choose a language from the list."),
            ),
            models.CheckConstraint(
                condition=Q(hub=None)
                | Q(
                    hubs=[],
                    roles=[],
                    spaces=[],
                    events=[],
                    countries=[],
                    regions=[],
                    languages=[],
                    sectors=[],
                    joined_since=None,
                ),
                name="community_announcement_hub_alone",
                violation_error_message=_(
                    "An announcement of a hub goes to its people and followers; leave the other "
                    "choices empty."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state="draft", started_at=None, started_by=None)
                | (~Q(state="draft") & Q(started_at__isnull=False) & Q(started_by__isnull=False)),
                name="community_announcement_started_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "sending"], ended_at=None)
                | Q(state__in=["sent", "stopped"], ended_at__isnull=False),
                name="community_announcement_ended_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("community:announcement_detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == AnnouncementState.DRAFT

    @property
    def is_sending(self) -> bool:
        return self.state == AnnouncementState.SENDING


class RecipientState(models.TextChoices):
    """What became of an announcement for one member."""

    WAITING = "waiting", _("Waits for their turn")
    OWED = "owed", _("Mail is on its way")
    MAILED = "mailed", _("Mailed")
    FAILED = "failed", _("Mail could not be delivered")
    GATHERED = "gathered", _("Comes with the mail of the day or of the week")
    TOLD = "told", _("Came with the mail of the day or of the week")
    SKIPPED = "skipped", _("Left out: wants none, left, or takes no mail any more")
    STOPPED = "stopped", _("Not mailed: it was stopped before")


class AnnouncementRecipient(models.Model):
    """A member to whom an announcement goes, fixed when its sending began; `mail` is what is
    owed to them at once, until it is forgotten.
    """

    State = RecipientState

    announcement = models.ForeignKey(
        Announcement,
        models.CASCADE,
        related_name="recipients",
        editable=False,
        verbose_name=_("announcement"),
    )
    member = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="announcements_received",
        editable=False,
        verbose_name=_("member"),
    )
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=RecipientState,
        default=RecipientState.WAITING,
        editable=False,
    )
    mail = models.OneToOneField(
        "accounts.OutgoingMail",
        models.SET_NULL,
        related_name="announcement_recipient",
        null=True,
        editable=False,
        verbose_name=_("mail"),
    )
    turned_at = models.DateTimeField(_("their turn came"), null=True, editable=False)

    objects = RecipientQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("recipient of an announcement")
        verbose_name_plural = _("recipients of announcements")
        constraints = [
            choice_known("community_announcementrecipient", "state", RecipientState),
            models.UniqueConstraint(
                fields=["announcement", "member"], name="community_announcementrecipient_once"
            ),
        ]
        indexes = [
            models.Index(fields=["announcement", "state"], name="community_recipient_state"),
            models.Index(
                fields=["member"],
                condition=Q(state="gathered"),
                name="community_recipient_gathered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.announcement_id}: {self.get_state_display()}"
