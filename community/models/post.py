"""Posts: what members write, how it was changed, and what became of it."""

from __future__ import annotations

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from community.models.thread import Thread
from community.querysets.posts import PostPartQuerySet, PostQuerySet
from core.fields import choice_known

MOST_TEXT = 20_000  # characters


class PostState(models.TextChoices):
    SHOWN = "shown", _("Shown")
    HELD = "held", _("Waits for a moderator")
    REMOVED = "removed", _("Removed")


class Post(models.Model):
    """One contribution to a thread.

    `number` is its place in the thread; it stays when the post is removed, of which a tombstone
    is shown. `html` is what `text` (Markdown) was made into when it was saved. Held posts are
    shown to their author and the thread's moderators only. Change it through
    `community.services` only.
    """

    State = PostState

    thread = models.ForeignKey(
        Thread, models.PROTECT, related_name="posts", editable=False, verbose_name=_("thread")
    )
    number = models.PositiveIntegerField(_("number"), editable=False)
    author = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="posts",
        editable=False,
        verbose_name=_("author"),
    )
    text = models.TextField(
        _("text"), max_length=MOST_TEXT, validators=[MaxLengthValidator(MOST_TEXT)]
    )
    html = models.TextField(editable=False)
    answers = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="answered_by",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("in answer to"),
    )
    state = models.CharField(
        _("state"), max_length=7, choices=PostState, default=PostState.SHOWN, editable=False
    )
    removed_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="posts_removed",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("removed by"),
    )
    removed_reason = models.CharField(_("why removed"), max_length=500, blank=True, editable=False)
    useful_count = models.PositiveIntegerField(_("found useful"), default=0, editable=False)
    written_at = models.DateTimeField(_("written"), db_default=Now(), editable=False)
    edited_at = models.DateTimeField(_("changed"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["thread", "number"]
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        indexes = [
            models.Index(fields=["author", "-written_at"], name="community_post_of_author"),
            models.Index(fields=["updated_at", "id"], name="community_post_updated"),
            models.Index(
                fields=["written_at"], condition=Q(state="held"), name="community_post_held"
            ),
        ]
        constraints = [
            choice_known("community_post", "state", PostState),
            models.UniqueConstraint(fields=["thread", "number"], name="community_post_in_order"),
            models.CheckConstraint(
                condition=~Q(state="removed")
                | (Q(removed_by__isnull=False) & ~Q(removed_reason="")),
                name="community_post_removed_with_reason",
                violation_error_message=_("Say why it is removed."),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("community:post_detail", args=[self.pk])


class PostRevision(models.Model):
    """What a post said before it was changed; never altered."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="revisions", verbose_name=_("post"))
    version = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written"))

    objects = PostPartQuerySet.as_manager()

    class Meta:
        ordering = ["post", "-version"]
        verbose_name = _("earlier text of a post")
        verbose_name_plural = _("earlier texts of posts")
        constraints = [
            models.UniqueConstraint(fields=["post", "version"], name="community_postrevision_once")
        ]

    def __str__(self) -> str:
        return f"{self.post} ({self.version})"


class PostMention(models.Model):
    """That a post names a member, who may see the thread."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="mentions", verbose_name=_("post"))
    member = models.ForeignKey(
        "accounts.Member", models.PROTECT, related_name="mentions", verbose_name=_("member")
    )
    handle = models.CharField(_("as written"), max_length=80)

    objects = PostPartQuerySet.as_manager()

    class Meta:
        ordering = ["post", "pk"]
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [
            models.UniqueConstraint(fields=["post", "member"], name="community_postmention_once")
        ]

    def __str__(self) -> str:
        return f"{self.post}: {self.member}"


class UsefulMark(models.Model):
    """That a member found a post of somebody else useful."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="useful", verbose_name=_("post"))
    member = models.ForeignKey(
        "accounts.Member", models.PROTECT, related_name="useful_marks", verbose_name=_("member")
    )
    at = models.DateTimeField(_("when"), db_default=Now(), editable=False)

    objects = PostPartQuerySet.as_manager()

    class Meta:
        ordering = ["post", "pk"]
        verbose_name = _("useful mark")
        verbose_name_plural = _("useful marks")
        constraints = [
            models.UniqueConstraint(fields=["post", "member"], name="community_usefulmark_once")
        ]

    def __str__(self) -> str:
        return f"{self.post}: {self.member}"


class PostFile(models.Model):
    """A document attached to a post, given out to be saved."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="files", verbose_name=_("post"))
    file = models.FileField(_("file"), upload_to="posts/", editable=False)
    file_name = models.CharField(_("name"), max_length=200, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    bytes = models.PositiveIntegerField(editable=False)
    added_at = models.DateTimeField(_("added"), db_default=Now(), editable=False)

    objects = PostPartQuerySet.as_manager()

    class Meta:
        ordering = ["post", "pk"]
        verbose_name = _("file of a post")
        verbose_name_plural = _("files of posts")

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("community:post_file", args=[self.pk])
