"""Requests that a program may repeat without a second effect."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class IdempotentRequest(models.Model):
    """A request with an Idempotency-Key, and the answer it got.

    Written in the transaction of the request's effect, so that either both are there or
    none; kept for `accounts.idempotency.KEPT_FOR`. Kept answers were made for `member` and are
    given to nobody else.
    """

    member = models.ForeignKey(
        "accounts.Member", models.CASCADE, related_name="idempotent_requests"
    )
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(
        max_length=64, help_text=_("SHA-256 of method, address and body.")
    )
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    headers = models.JSONField(default=dict, blank=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("repeatable request")
        verbose_name_plural = _("repeatable requests")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "key"], name="accounts_idempotentrequest_key_once"
            )
        ]

    def __str__(self) -> str:
        return self.key
