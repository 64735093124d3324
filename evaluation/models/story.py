"""Impact stories: what an exchange led to, rung by rung, and what shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core import codes
from core.fields import choice_known
from evaluation.models.evidence import Evidence
from evaluation.models.exchange import Exchange
from evaluation.querysets import RungPartQuerySet, StoryQuerySet

if TYPE_CHECKING:
    from hubs.models import Hub


class Rung(models.TextChoices):
    """The steps of evaluation.md, "The rungs", from the lowest."""

    CONNECT = "connect", _("Connect")
    SHARE = "share", _("Share")
    REFORM = "reform", _("Reform")


class Strength(models.TextChoices):
    """How strongly evidence shows a statement, the weakest first."""

    ONE_SIDE = "one-side", _("Said by one side")
    BOTH_SIDES = "both-sides", _("Said by both sides")
    DOCUMENT = "document", _("Shown by a document")
    MEASURED = "measured", _("Measured change")
    EVALUATION = "evaluation", _("Independent evaluation")


class StoryState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waits for approval")
    RETURNED = "returned", _("Returned")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ImpactStory(models.Model):
    """What came of one exchange, told with what shows it and what speaks against it.

    Life cycle: draft -> submitted -> published or returned; published -> withdrawn, which its
    writers may take up again as a draft (`withdrawn_reason` stays). Who wrote any
    of it (`author` began it) never publishes it. `reached` and `strength` follow from the
    evidence and are written by `evaluation.services.rungs` alone; `strength` counts only what
    everybody may see.
    """

    State = StoryState

    NEXT = {
        StoryState.DRAFT: {StoryState.SUBMITTED, StoryState.WITHDRAWN},
        StoryState.SUBMITTED: {StoryState.PUBLISHED, StoryState.RETURNED, StoryState.DRAFT},
        StoryState.RETURNED: {StoryState.SUBMITTED, StoryState.WITHDRAWN},
        StoryState.PUBLISHED: {StoryState.WITHDRAWN},
        StoryState.WITHDRAWN: {StoryState.DRAFT},
    }

    exchange = models.ForeignKey(
        Exchange, models.PROTECT, related_name="stories", verbose_name=_("exchange")
    )
    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(max_length=100, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=7, default="en")
    summary = models.TextField(_("what came of it, in short"), max_length=2_000, blank=True)
    other_explanations = models.TextField(
        _("what else could explain this"), max_length=4_000, blank=True
    )
    what_did_not_work = models.TextField(_("what did not work"), max_length=4_000, blank=True)
    no_change_found = models.BooleanField(_("no change was found"), default=False)
    state = models.CharField(
        _("state"), max_length=9, choices=StoryState, default=StoryState.DRAFT, editable=False
    )
    reached = models.CharField(
        _("rung reached"), max_length=7, choices=Rung, blank=True, editable=False
    )
    strength = models.CharField(
        _("strength"), max_length=10, choices=Strength, blank=True, editable=False
    )
    author = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="stories_written",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("written by"),
    )
    writers = models.ManyToManyField(
        "accounts.Member",
        related_name="stories_worked_on",
        blank=True,
        editable=False,
        verbose_name=_("everybody who wrote of it"),
    )
    publisher = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="stories_published",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("published by"),
    )
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    return_note = models.TextField(
        _("what has to change"), max_length=2_000, blank=True, editable=False
    )
    withdrawn_reason = models.CharField(
        _("why withdrawn"), max_length=500, blank=True, editable=False
    )
    sources = models.ManyToManyField(
        "hubs.Source", related_name="stories", blank=True, verbose_name=_("sources")
    )
    is_starter = models.BooleanField(_("starter content"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = StoryQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("impact story")
        verbose_name_plural = _("impact stories")
        indexes = [
            models.Index(fields=["updated_at", "id"], name="evaluation_story_updated"),
            models.Index(fields=["state", "reached"], name="evaluation_story_state_rung"),
        ]
        constraints = [
            choice_known("evaluation_story", "state", StoryState),
            models.CheckConstraint(
                condition=Q(reached__in=["", *Rung.values]), name="evaluation_story_reached_known"
            ),
            models.CheckConstraint(
                condition=Q(strength__in=["", *Strength.values]),
                name="evaluation_story_strength_known",
            ),
            models.CheckConstraint(
                condition=Q(language__in=codes.LANGUAGES),
                name="evaluation_story_language_known",
                violation_error_message=_("Choose a language from the list."),
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | (
                    Q(published_at__isnull=False)
                    & ~Q(other_explanations="")
                    & ~Q(what_did_not_work="")
                ),
                name="evaluation_story_published_is_complete",
                violation_error_message=_(
                    "A published story says what else could explain it and what did not work."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(publisher__isnull=False) | Q(is_starter=True),
                name="evaluation_story_published_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(publisher=None) | Q(author=None) | ~Q(publisher=F("author")),
                name="evaluation_story_publisher_is_not_author",
                violation_error_message=_("Nobody publishes what they wrote."),
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_note=""),
                name="evaluation_story_returned_with_note",
                violation_error_message=_("Say what has to change."),
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""),
                name="evaluation_story_withdrawn_with_reason",
                violation_error_message=_("Say why it is withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("evaluation:story_detail", args=[self.slug])

    @property
    def hub(self) -> Hub:
        """The hub that tells it: that of its exchange."""
        return self.exchange.hub

    @property
    def is_open(self) -> bool:
        """Whether its texts may still change."""
        return self.state in (StoryState.DRAFT, StoryState.RETURNED)


class RungClaim(models.Model):
    """What a story says of one rung, and what shows it.

    `holds` and `strength` are written by `evaluation.services.rungs` alone. `strength` counts
    only what everybody may see: "" where the rung rests on confidential evidence alone.
    """

    Rung = Rung

    story = models.ForeignKey(
        ImpactStory, models.CASCADE, related_name="claims", verbose_name=_("story")
    )
    rung = models.CharField(_("rung"), max_length=7, choices=Rung)
    statement = models.TextField(_("what happened"), max_length=4_000)
    dated_on = models.DateField(_("when"), null=True, blank=True)
    evidence = models.ManyToManyField(
        Evidence, related_name="claims", blank=True, verbose_name=_("evidence")
    )
    adoptions = models.ManyToManyField(
        "catalogue.Adoption", related_name="claims", blank=True, verbose_name=_("adoptions")
    )
    versions = models.ManyToManyField(
        "catalogue.EntryVersion",
        related_name="claims",
        blank=True,
        verbose_name=_("versions of entries"),
    )
    translations = models.ManyToManyField(
        "catalogue.Translation", related_name="claims", blank=True, verbose_name=_("translations")
    )
    holds = models.BooleanField(_("is shown"), default=False, editable=False)
    strength = models.CharField(
        _("strength"), max_length=10, choices=Strength, blank=True, editable=False
    )

    objects = RungPartQuerySet.as_manager()

    class Meta:
        ordering = ["story", "pk"]
        verbose_name = _("statement on a rung")
        verbose_name_plural = _("statements on rungs")
        constraints = [
            choice_known("evaluation_rungclaim", "rung", Rung),
            models.CheckConstraint(
                condition=Q(strength__in=["", *Strength.values]),
                name="evaluation_rungclaim_strength_known",
            ),
            models.UniqueConstraint(fields=["story", "rung"], name="evaluation_rungclaim_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_rung_display()}: {self.statement[:80]}"


class RungChange(models.Model):
    """That a story reached another rung than before, and why; never changed."""

    story = models.ForeignKey(
        ImpactStory, models.CASCADE, related_name="rung_changes", verbose_name=_("story")
    )
    before = models.CharField(_("before"), max_length=7, choices=Rung, blank=True)
    after = models.CharField(_("after"), max_length=7, choices=Rung, blank=True)
    reason = models.CharField(_("why"), max_length=300)
    by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="rung_changes",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"), db_default=Now(), editable=False)

    objects = RungPartQuerySet.as_manager()

    class Meta:
        ordering = ["story", "-pk"]
        verbose_name = _("change of a rung")
        verbose_name_plural = _("changes of rungs")
        constraints = [
            models.CheckConstraint(
                condition=Q(before__in=["", *Rung.values]),
                name="evaluation_rungchange_before_known",
            ),
            models.CheckConstraint(
                condition=Q(after__in=["", *Rung.values]),
                name="evaluation_rungchange_after_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
