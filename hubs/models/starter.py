"""What the starter content has loaded, so that loading it again changes nothing."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class StarterRow(models.Model):
    """One row of starter content and the object it became.

    A row whose object was edited or removed by a person is never written again.
    """

    key = models.CharField(max_length=200, unique=True)
    model = models.CharField(max_length=60)
    object_pk = models.BigIntegerField()
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the row as it was loaded."))

    class Meta:
        ordering = ["key"]
        verbose_name = _("starter row")
        verbose_name_plural = _("starter rows")
        indexes = [models.Index(fields=["model", "object_pk"], name="hubs_starterrow_object")]

    def __str__(self) -> str:
        return self.key
