"""Articles: the stories and announcements that the portal itself tells."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from community.querysets.articles import ARTICLE_ABOUT, ArticleQuerySet
from community.querysets.subjects import one_set_at_most
from core import codes
from core.fields import choice_known

MOST_SUMMARY = 600  # characters
MOST_TEXT = 20_000  # characters


class ArticleKind(models.TextChoices):
    STORY = "story", _("Story")
    ANNOUNCEMENT = "announcement", _("Announcement")


class ArticleState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waits for a moderator")
    SCHEDULED = "scheduled", _("Appears on its day")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


def _link(model: str, label: Any) -> Any:
    return models.ForeignKey(
        model,
        models.PROTECT,
        related_name="articles",
        null=True,
        blank=True,
        editable=False,
        verbose_name=label,
    )


class Article(models.Model):
    """A story or an announcement for everybody, perhaps about one thing of the portal.

    Moderators write and publish them. A hub may propose one about itself (`is_proposal`), which
    a moderator publishes who wrote nothing of it. Who may not see what it is about sees nothing
    of it (`ArticleQuerySet.visible_to`).

    Life cycle: `NEXT`. It appears on `appears_on`; from then on it may stand on the front page,
    until the end of `front_until` if that is stated. `published_at` is the moment at which it
    appeared; `changed_at` that of the last change since. Change it through
    `community.services` only.
    """

    Kind = ArticleKind
    State = ArticleState

    NEXT = {
        ArticleState.DRAFT: {
            ArticleState.SUBMITTED,
            ArticleState.SCHEDULED,
            ArticleState.PUBLISHED,
        },
        ArticleState.SUBMITTED: {
            ArticleState.DRAFT,
            ArticleState.SCHEDULED,
            ArticleState.PUBLISHED,
        },
        ArticleState.SCHEDULED: {ArticleState.PUBLISHED, ArticleState.WITHDRAWN},
        ArticleState.PUBLISHED: {ArticleState.WITHDRAWN},
        ArticleState.WITHDRAWN: {ArticleState.PUBLISHED},
    }

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(max_length=100, unique=True, editable=False)
    kind = models.CharField(
        _("kind"), max_length=12, choices=ArticleKind, default=ArticleKind.STORY
    )
    language = models.CharField(_("language"), max_length=7, default="en")
    summary = models.TextField(
        _("in short"),
        max_length=MOST_SUMMARY,
        help_text=_("One or two sentences; lists and the front page show them."),
    )
    text = models.TextField(
        _("text"),
        max_length=MOST_TEXT,
        blank=True,
        help_text=_("Markdown: headings, **bold**, lists, > quotes, [links](https://…)."),
    )
    picture = models.ImageField(_("picture"), upload_to="articles/", blank=True)
    picture_text = models.CharField(
        _("what the picture shows"),
        max_length=300,
        blank=True,
        help_text=_("For those who do not see it."),
    )
    picture_credit = models.CharField(
        _("who made the picture"),
        max_length=200,
        blank=True,
        help_text=_("And under which licence it is used."),
    )
    source = models.ForeignKey(
        "hubs.Source",
        models.PROTECT,
        related_name="articles",
        null=True,
        blank=True,
        verbose_name=_("source"),
    )
    hub = _link("hubs.Hub", _("hub"))
    entry = _link("catalogue.Entry", _("experience"))
    resource = _link("catalogue.Resource", _("resource"))
    exchange = _link("evaluation.Exchange", _("exchange"))
    story = _link("evaluation.ImpactStory", _("impact story"))
    event = _link("community.Event", _("event"))
    thread = _link("community.Thread", _("thread"))
    translation_of = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="translations",
        null=True,
        blank=True,
        verbose_name=_("translation of"),
    )
    is_proposal = models.BooleanField(_("proposed by its hub"), default=False, editable=False)
    appears_on = models.DateField(
        _("appears on"),
        null=True,
        blank=True,
        help_text=_("Leave empty for the day on which it is published."),
    )
    is_on_front = models.BooleanField(_("show it on the front page"), default=True)
    is_pinned = models.BooleanField(_("before all others there"), default=False)
    front_until = models.DateField(
        _("on the front page until"),
        null=True,
        blank=True,
        help_text=_("The last day. Leave empty: until newer ones take its place."),
    )
    state = models.CharField(
        _("state"), max_length=9, choices=ArticleState, default=ArticleState.DRAFT, editable=False
    )
    return_note = models.CharField(
        _("what has to change"), max_length=1_000, blank=True, editable=False
    )
    withdrawn_reason = models.CharField(
        _("why withdrawn"), max_length=500, blank=True, editable=False
    )
    author = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="articles",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("begun by"),
    )
    publisher = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="articles_published",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("published by"),
    )
    submitted_at = models.DateTimeField(_("sent"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True, editable=False)
    is_starter = models.BooleanField(_("starter content"), default=False, editable=False)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ArticleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["-appears_on", "-pk"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        indexes = [
            models.Index(fields=["state", "-appears_on"], name="community_article_newest"),
            models.Index(fields=["updated_at", "id"], name="community_article_updated"),
        ]
        constraints = [
            choice_known("community_article", "kind", ArticleKind),
            choice_known("community_article", "state", ArticleState),
            models.CheckConstraint(
                condition=Q(language__in=codes.LANGUAGES),
                name="community_article_language_known",
                violation_error_message=_("Choose a language from the list."),
            ),
            models.CheckConstraint(
                condition=one_set_at_most(ARTICLE_ABOUT),
                name="community_article_about_one_thing",
                violation_error_message=_("Name one thing that it is about."),
            ),
            models.CheckConstraint(
                condition=Q(is_proposal=False) | Q(hub__isnull=False),
                name="community_article_proposal_has_hub",
            ),
            models.CheckConstraint(
                condition=Q(picture="") | ~Q(picture_text=""),
                name="community_article_picture_is_told",
                violation_error_message=_("Say what the picture shows."),
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(is_proposal=True, submitted_at__isnull=False),
                name="community_article_submitted_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted"]) | Q(appears_on__isnull=False),
                name="community_article_appears_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="community_article_published_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_reason=""),
                name="community_article_withdrawn_with_reason",
                violation_error_message=_("Say why it is withdrawn."),
            ),
            models.CheckConstraint(
                condition=Q(front_until=None)
                | Q(appears_on=None)
                | Q(front_until__gte=F("appears_on")),
                name="community_article_front_ends_after_start",
                violation_error_message=_("It cannot leave the front page before it appears."),
            ),
            models.CheckConstraint(
                condition=Q(translation_of=None) | ~Q(translation_of=F("pk")),
                name="community_article_not_of_itself",
            ),
            models.UniqueConstraint(
                fields=["translation_of", "language"],
                condition=Q(translation_of__isnull=False),
                name="community_article_translated_once",
                violation_error_message=_("There is a translation into this language already."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("community:article_detail", args=[self.slug])

    @property
    def about_kind(self) -> str:
        """The name of the link that is set, "" if it is about nothing of the portal."""
        return next((name for name in ARTICLE_ABOUT if getattr(self, f"{name}_id")), "")

    @property
    def about(self) -> Any:
        """What it is about, None for nothing; fetched with `with_about`."""
        name = self.about_kind
        return getattr(self, name) if name else None
