"""Watched words: what makes a post wait, or be looked at."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.fields import choice_known


class WordAction(models.TextChoices):
    HOLD = "hold", _("The post waits for a moderator")
    FLAG = "flag", _("The post is shown and reported")


class WatchedWord(models.Model):
    """A word, or several in a row; `*` at the end stands for any ending.

    `text` is kept as it is compared: without accents, in small letters.
    """

    Action = WordAction

    text = models.CharField(
        _("word or words"),
        max_length=100,
        unique=True,
        help_text=_("Accents and capitals do not matter. A * at the end stands for any ending."),
    )
    action = models.CharField(
        _("what happens"), max_length=4, choices=WordAction, default=WordAction.HOLD
    )
    note = models.CharField(_("why it is watched"), max_length=200, blank=True)
    added_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="watched_words",
        editable=False,
        verbose_name=_("added by"),
    )
    added_at = models.DateTimeField(_("added"), db_default=Now(), editable=False)

    class Meta:
        ordering = ["text"]
        verbose_name = _("watched word")
        verbose_name_plural = _("watched words")
        constraints = [choice_known("community_watchedword", "action", WordAction)]

    def __str__(self) -> str:
        return self.text
