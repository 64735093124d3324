"""The mail outbox: what the portal owes, kept until it has left; what waits for a digest."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.fields import choice_known


class MailKind(models.TextChoices):
    """What mail can be about of which members choose how much they want."""

    REVIEW_REQUESTS = "review_requests", _("Texts that wait for you: to review or to change")
    REVIEW_MESSAGES = "review_messages", _("Messages and decisions about texts you work on")
    REVIEW_REMINDERS = "review_reminders", _("Reminders of texts that wait")
    ADOPTIONS = "adoptions", _("Decisions on adoptions that you stated")
    IMPORTS = "imports", _("Imports that are ready")
    EXCHANGES = "exchanges", _("Exchanges, figures and follow-up")
    MEMBERSHIPS = "memberships", _("Roles in hubs")
    EVENTS = "events", _("Events: seats, reminders and requests")
    MENTIONS = "mentions", _("Who mentions you or answers you")
    NEWS = "news", _("News of what you follow")
    ANNOUNCEMENTS = "announcements", _("Announcements of the portal and of your hubs")
    DECISIONS = "decisions", _("Decisions of moderators about what you wrote or reported")
    MODERATION = "moderation", _("For moderators: new members and messages")
    QUEUE = "queue", _("For moderators: what waits for a decision; sensitive reports come at once")


class MailPace(models.TextChoices):
    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day, all in one mail")
    WEEKLY = "weekly", _("Once a week, on Mondays, all in one mail")
    OFF = "off", _("Never")


# How soon mail of a kind comes before any choice; what is not named here comes at once.
USUAL_PACES = {MailKind.NEWS: MailPace.WEEKLY, MailKind.QUEUE: MailPace.DAILY}
GATHERED = (MailPace.DAILY, MailPace.WEEKLY)  # paces at which all comes in one mail


class OutgoingMail(models.Model):
    """One message to one address.

    Written in the transaction of what it reports, by `accounts.services.queue_mail`; sent by
    a task, and by the sweeper when that task was lost. `key` names the effect, so that the
    same effect never makes a second mail. `unsubscribe` is the address that ends mail of this
    kind by a POST of its reader's mail program (RFC 8058), "" for mail that must arrive;
    `reply_to` the address to which it is answered, "" where nobody reads answers. `html` is the
    same text with its form, "" where there is only text; `list_id` names what is sent to many
    (RFC 2919), "" for what is written to one.
    """

    key = models.CharField(max_length=120, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=250)
    body = models.TextField()
    unsubscribe = models.CharField(max_length=400, blank=True, default="", db_default="")
    reply_to = models.EmailField(blank=True, default="", db_default="")
    html = models.TextField(blank=True, default="", db_default="")
    list_id = models.CharField(max_length=200, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(sent_at__isnull=True),
                name="accounts_outgoingmail_unsent",
            )
        ]

    def __str__(self) -> str:
        return self.subject


class DigestItem(models.Model):
    """What a member is told in the next mail of the day, or of the week.

    It stays once told, without its text, so that the same effect is not told again.
    """

    Kind = MailKind

    member = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="digest_items",
        editable=False,
        verbose_name=_("member"),
    )
    key = models.CharField(max_length=120, unique=True, editable=False)
    kind = models.CharField(_("about"), max_length=20, choices=MailKind, editable=False)
    subject = models.CharField(_("subject"), max_length=250, editable=False)
    body = models.TextField(_("text"), editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    told_at = models.DateTimeField(_("told"), null=True, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("item of a daily mail")
        verbose_name_plural = _("items of daily mails")
        constraints = [choice_known("accounts_digestitem", "kind", MailKind)]
        indexes = [
            models.Index(
                fields=["member"],
                condition=models.Q(told_at__isnull=True),
                name="accounts_digestitem_untold",
            )
        ]

    def __str__(self) -> str:
        return self.subject
