"""A search that a member keeps, and is told of when it finds something new."""

from urllib.parse import urlencode

from django.db import models
from django.db.models.functions import Now
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.querysets.saved_searches import SavedSearchQuerySet
from core.fields import choice_known


class SearchPlace(models.TextChoices):
    SEARCH = "search", _("Search")
    CATALOGUE = "catalogue", _("Catalogue")


class SearchAlert(models.TextChoices):
    OFF = "off", _("No mail")
    DAILY = "daily", _("Once a day, if there is something new")
    WEEKLY = "weekly", _("Once a week, if there is something new")


class SavedSearch(models.Model):
    """The words and filters of a search, for the member who saved it and for nobody else.

    `query` is the query string of the page, filters in a fixed order. Everything published
    before `told_until` is known to the member: told by mail, or there when the alert began.
    """

    Place = SearchPlace
    Alert = SearchAlert

    member = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="saved_searches",
        editable=False,
        verbose_name=_("member"),
    )
    name = models.CharField(_("name"), max_length=120)
    place = models.CharField(_("page"), max_length=9, choices=SearchPlace, editable=False)
    query = models.CharField(_("query"), max_length=2_000, blank=True, editable=False)
    alert = models.CharField(_("mail"), max_length=6, choices=SearchAlert, default=SearchAlert.OFF)
    told_until = models.DateTimeField(_("told until"), editable=False)
    last_alerted_at = models.DateTimeField(_("last mail"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        indexes = [
            models.Index(
                fields=["alert", "told_until"],
                condition=~models.Q(alert=SearchAlert.OFF),
                name="catalogue_savedsearch_due",
            )
        ]
        constraints = [
            choice_known("catalogue_savedsearch", "place", SearchPlace),
            choice_known("catalogue_savedsearch", "alert", SearchAlert),
            models.UniqueConstraint(
                fields=["member", "name"],
                name="catalogue_savedsearch_name_once",
                violation_error_message=_("You have a saved search of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return where the search is run again."""
        route = "search" if self.place == SearchPlace.SEARCH else "catalogue:entry_list"
        return f"{reverse(route)}?{self.query}" if self.query else reverse(route)

    def asked(self) -> QueryDict:
        """Return what it asks of the search: a catalogue's search is for entries alone."""
        entries = urlencode({"type": "entry"}) if self.place == SearchPlace.CATALOGUE else ""
        return QueryDict("&".join(part for part in (self.query, entries) if part))
