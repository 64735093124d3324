"""The next text of an entry, as its authors write it and reviewers read it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.querysets import DraftPartQuerySet, DraftQuerySet
from core.fields import choice_known


class DraftState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    PUBLISHED = "published", _("Published")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN_STATES = (DraftState.DRAFT, DraftState.SUBMITTED, DraftState.CHANGES_REQUESTED)
# What may follow what: the only table of it.
TRANSITIONS: dict[str, tuple[str, ...]] = {
    DraftState.DRAFT: (DraftState.SUBMITTED, DraftState.WITHDRAWN),
    DraftState.SUBMITTED: (
        DraftState.CHANGES_REQUESTED,
        DraftState.PUBLISHED,
        DraftState.DECLINED,
        DraftState.WITHDRAWN,
    ),
    DraftState.CHANGES_REQUESTED: (DraftState.SUBMITTED, DraftState.WITHDRAWN),
}


class Draft(models.Model):
    """A text on its way to be the next version of an entry, or a new one.

    `content` has the shape of a version (`catalogue.content`). A draft that was published or
    declined stays, with its review. An entry has one open draft at a time; a new experience
    has no entry, and so no address and no name of its own, before it is published.
    """

    State = DraftState

    entry = models.ForeignKey(
        "catalogue.Entry",
        models.PROTECT,
        related_name="drafts",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("entry"),
        help_text=_("Empty: an experience that was never published."),
    )
    hub = models.ForeignKey(
        "hubs.Hub", models.PROTECT, related_name="drafts", verbose_name=_("hub")
    )
    content = models.JSONField(_("content"), default=dict, editable=False)
    state = models.CharField(
        _("state"), max_length=17, choices=DraftState, default=DraftState.DRAFT, editable=False
    )
    from_version = models.PositiveIntegerField(
        _("made from version"), default=0, editable=False, help_text=_("0: from nothing.")
    )
    authors = models.ManyToManyField(
        "accounts.Member", related_name="drafts", editable=False, verbose_name=_("authors")
    )
    round = models.PositiveSmallIntegerField(_("round of review"), default=0, editable=False)
    state_since = models.DateTimeField(_("state since"), db_default=Now(), editable=False)
    created_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="drafts_begun",
        editable=False,
        verbose_name=_("begun by"),
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        indexes = [models.Index(fields=["state", "state_since"], name="catalogue_draft_queue")]
        constraints = [
            choice_known("catalogue_draft", "state", DraftState),
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(state__in=OPEN_STATES),
                name="catalogue_draft_open_once",
                violation_error_message=_("Somebody is writing the next version already."),
            ),
            models.CheckConstraint(
                condition=~Q(state=DraftState.PUBLISHED) | Q(entry__isnull=False),
                name="catalogue_draft_published_is_entry",
            ),
        ]

    def __str__(self) -> str:
        return str(self.content.get("title", ""))

    def get_absolute_url(self) -> str:
        return reverse("catalogue:draft_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way."""
        return self.state in OPEN_STATES


class ReviewRound(models.Model):
    """One submission: the text as it was sent, and what was decided on it."""

    class Decision(models.TextChoices):
        CHANGES_REQUESTED = "changes_requested", _("Changes requested")
        PUBLISHED = "published", _("Published")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="rounds", verbose_name=_("draft"))
    number = models.PositiveSmallIntegerField(_("round"))
    content = models.JSONField(_("content"))
    submitted_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="review_rounds_asked",
        verbose_name=_("submitted by"),
    )
    submitted_at = models.DateTimeField(_("submitted"), db_default=Now(), editable=False)
    decision = models.CharField(_("decision"), max_length=17, choices=Decision, blank=True)
    note = models.TextField(_("reason"), max_length=2_000, blank=True)
    decided_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="review_rounds_decided",
        null=True,
        blank=True,
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = DraftPartQuerySet.as_manager()

    class Meta:
        ordering = ["draft", "number"]
        verbose_name = _("round of review")
        verbose_name_plural = _("rounds of review")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    decision__in=["", "changes_requested", "published", "declined", "withdrawn"]
                ),
                name="catalogue_reviewround_decision_known",
            ),
            models.UniqueConstraint(
                fields=["draft", "number"], name="catalogue_reviewround_number_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decision="")
                | (Q(decided_at__isnull=False) & ~Q(decision="")),
                name="catalogue_reviewround_closed_with_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id}, {self.number}"
