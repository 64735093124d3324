"""Threads: what is talked about, where, and how it ended."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from community.models.space import Space
from community.querysets.subjects import none_set, one_set_at_most
from community.querysets.threads import ABOUT, ThreadQuerySet
from core import codes
from core.dates import today
from core.fields import choice_known

ABOUT_SEGMENT = "about"  # of the addresses of comments, where others have their space


class ThreadKind(models.TextChoices):
    DISCUSSION = "discussion", _("Discussion")
    QUESTION = "question", _("Question")
    STORY = "story", _("Story")
    ANNOUNCEMENT = "announcement", _("Announcement")
    CONSULTATION = "consultation", _("Consultation")


class ThreadState(models.TextChoices):
    HELD = "held", _("Waits for a moderator")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    REMOVED = "removed", _("Removed")
    MERGED = "merged", _("Merged with another")


class Thread(models.Model):
    """A row of posts about one matter.

    It stands in a space, or else it is the comments on the one thing that it is about. Who may
    not see the space, or the thing, sees nothing of it (`ThreadQuerySet.visible_to`).

    Life cycle: held -> open or removed; open -> closed and back; any -> removed and back; merged
    is the end. `post_count`, `last_shown`, `last_post_at` and `last_author` follow from the posts
    that are shown. Change it through `community.services` only.
    """

    Kind = ThreadKind
    State = ThreadState

    space = models.ForeignKey(
        Space,
        models.PROTECT,
        related_name="threads",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("space"),
    )
    hub = models.ForeignKey(
        "hubs.Hub", models.PROTECT, related_name="threads", null=True, blank=True, editable=False
    )
    entry = models.ForeignKey(
        "catalogue.Entry",
        models.PROTECT,
        related_name="threads",
        null=True,
        blank=True,
        editable=False,
    )
    resource = models.ForeignKey(
        "catalogue.Resource",
        models.PROTECT,
        related_name="threads",
        null=True,
        blank=True,
        editable=False,
    )
    event = models.ForeignKey(
        "community.Event",
        models.PROTECT,
        related_name="threads",
        null=True,
        blank=True,
        editable=False,
    )
    exchange = models.ForeignKey(
        "evaluation.Exchange",
        models.PROTECT,
        related_name="threads",
        null=True,
        blank=True,
        editable=False,
    )
    story = models.ForeignKey(
        "evaluation.ImpactStory",
        models.PROTECT,
        related_name="threads",
        null=True,
        blank=True,
        editable=False,
    )
    article = models.ForeignKey(
        "community.Article",
        models.PROTECT,
        related_name="threads",
        null=True,
        blank=True,
        editable=False,
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=ThreadKind, default=ThreadKind.DISCUSSION
    )
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(max_length=100, editable=False)
    language = models.CharField(_("language"), max_length=7, default="en")
    author = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="threads",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("begun by"),
    )
    state = models.CharField(
        _("state"), max_length=7, choices=ThreadState, default=ThreadState.OPEN, editable=False
    )
    is_pinned = models.BooleanField(_("pinned"), default=False, editable=False)
    is_locked = models.BooleanField(_("locked"), default=False, editable=False)
    closes_on = models.DateField(
        _("open until"),
        null=True,
        blank=True,
        help_text=_("The last day of a consultation."),
    )
    accepted = models.ForeignKey(
        "community.Post",
        models.SET_NULL,
        related_name="accepted_in",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("accepted answer"),
    )
    summary = models.TextField(_("summary"), max_length=10_000, blank=True, editable=False)
    summary_html = models.TextField(blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="threads_closed",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("closed by"),
    )
    removed_reason = models.CharField(_("why removed"), max_length=500, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="merged",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("merged with"),
    )
    split_from = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="splits",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("split from"),
    )
    post_count = models.PositiveIntegerField(_("posts"), default=0, editable=False)
    last_number = models.PositiveIntegerField(default=0, editable=False)  # given out
    last_shown = models.PositiveIntegerField(default=0, editable=False)  # of those shown
    last_post_at = models.DateTimeField(_("last post"), db_default=Now(), editable=False)
    last_author = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="threads_written_last",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("last written by"),
    )
    views = models.PositiveIntegerField(_("views"), default=0, db_default=0, editable=False)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("begun"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ThreadQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=[
            *("views", "post_count", "last_number", "last_shown", "last_post_at", "last_author")
        ]
    )

    class Meta:
        ordering = ["-last_post_at", "-pk"]
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        indexes = [
            models.Index(fields=["-last_post_at", "-id"], name="community_thread_newest"),
            models.Index(
                fields=["space", "-is_pinned", "-last_post_at", "-id"],
                name="community_thread_of_space",
            ),
            models.Index(fields=["updated_at", "id"], name="community_thread_updated"),
        ]
        constraints = [
            choice_known("community_thread", "kind", ThreadKind),
            choice_known("community_thread", "state", ThreadState),
            models.CheckConstraint(
                condition=Q(language__in=codes.LANGUAGES),
                name="community_thread_language_known",
                violation_error_message=_("Choose a language from the list."),
            ),
            models.CheckConstraint(
                condition=one_set_at_most(ABOUT), name="community_thread_about_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(space__isnull=False) | ~none_set(ABOUT),
                name="community_thread_has_a_place",
            ),
            *(
                models.UniqueConstraint(
                    fields=[name],
                    condition=Q(space=None),
                    name=f"community_thread_comments_on_{name}_once",
                )
                for name in ABOUT
            ),
            models.CheckConstraint(
                condition=~Q(kind="consultation") | Q(closes_on__isnull=False),
                name="community_thread_consultation_ends",
                violation_error_message=_("Say until when a consultation is open."),
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False),
                name="community_thread_closed_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state="removed") | ~Q(removed_reason=""),
                name="community_thread_removed_with_reason",
                violation_error_message=_("Say why it is removed."),
            ),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
                name="community_thread_merged_into_another",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                name="community_thread_not_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        place = self.space.slug if self.space else ABOUT_SEGMENT
        return reverse("community:thread_detail", args=[place, self.pk, self.slug])

    @property
    def is_over(self) -> bool:
        """Whether the last day of a consultation has passed."""
        return self.closes_on is not None and self.closes_on < today()
