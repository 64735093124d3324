"""What a member keeps of threads: how far they read, and what they have not sent yet."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from community.models.post import MOST_TEXT
from community.models.thread import Thread


class ThreadRead(models.Model):
    """Up to which post a member has read a thread."""

    member = models.ForeignKey(
        "accounts.Member", models.PROTECT, related_name="threads_read", verbose_name=_("member")
    )
    thread = models.ForeignKey(
        Thread, models.CASCADE, related_name="reads", verbose_name=_("thread")
    )
    number = models.PositiveIntegerField(_("read up to"))
    at = models.DateTimeField(_("when"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["member", "thread"]
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        constraints = [
            models.UniqueConstraint(fields=["member", "thread"], name="community_threadread_once")
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.thread} {self.number}"


class PostDraft(models.Model):
    """A reply that is being written; its author's alone."""

    member = models.ForeignKey(
        "accounts.Member", models.PROTECT, related_name="post_drafts", verbose_name=_("member")
    )
    thread = models.ForeignKey(
        Thread, models.CASCADE, related_name="drafts", verbose_name=_("thread")
    )
    text = models.TextField(
        _("text"), max_length=MOST_TEXT, validators=[MaxLengthValidator(MOST_TEXT)]
    )
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    class Meta:
        ordering = ["-saved_at", "-pk"]
        verbose_name = _("draft of a reply")
        verbose_name_plural = _("drafts of replies")
        constraints = [
            models.UniqueConstraint(fields=["member", "thread"], name="community_postdraft_once")
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.thread}"
