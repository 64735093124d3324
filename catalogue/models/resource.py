"""The library: communiqués, guides, evaluations, recordings, and where to get them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from catalogue.codelists import ResourceKind
from catalogue.querysets import ResourceLinkQuerySet, ResourceQuerySet
from core import codes
from core.fields import CodeArrayField, WebAddressField, choice_known, codes_known
from core.uploads import CONTENT_TYPES


class Resource(models.Model):
    """A document that the portal knows of, with a copy or without one.

    `hub` is who holds it; without one it belongs to the portal's own library. `sources` are
    the pages that speak of it, not copies.
    """

    Kind = ResourceKind

    kind = models.CharField(_("type"), max_length=13, choices=ResourceKind)
    title = models.CharField(_("title"), max_length=300)
    language = models.CharField(_("language of the title"), max_length=7, default="en")
    slug = models.SlugField(max_length=100, unique=True)
    authors = models.CharField(
        _("authors"), max_length=500, blank=True, help_text=_("Separate several with semicolons.")
    )
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(
        _("year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
        help_text=_("Leave empty if it is not stated."),
    )
    languages = CodeArrayField(codes.language_choices, verbose_name=_("languages"))
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    note = models.TextField(_("note"), max_length=2_000, blank=True)
    hub = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="resources",
        null=True,
        blank=True,
        verbose_name=_("hub"),
        help_text=_("Who holds it. Empty: the portal's own library."),
    )
    entries = models.ManyToManyField(
        "catalogue.Entry",
        related_name="resources",
        blank=True,
        verbose_name=_("experience that it documents"),
    )
    sources = models.ManyToManyField(
        "hubs.Source", related_name="resources", blank=True, verbose_name=_("named in")
    )
    is_published = models.BooleanField(_("published"), default=False, editable=False)
    is_starter = models.BooleanField(_("starter content"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ResourceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        indexes = [
            models.Index(fields=["updated_at", "id"], name="catalogue_resource_updated"),
        ]
        constraints = [
            choice_known("catalogue_resource", "kind", ResourceKind),
            codes_known("catalogue_resource", "languages", codes.LANGUAGES),
            models.CheckConstraint(
                condition=Q(language__in=codes.LANGUAGES),
                name="catalogue_resource_language_known",
                violation_error_message=_("Choose a language from the list."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalogue:resource_detail", args=[self.slug])

    @property
    def author_list(self) -> list[str]:
        """The authors one by one, in the order of the title page."""
        return [name.strip() for name in self.authors.split(";") if name.strip()]


class ResourceLink(models.Model):
    """Where a copy of a resource is: an address elsewhere, or a file that the portal keeps.

    The nightly check writes `checked_at`, `last_status` (of HTTP; none without an answer) and
    `unreachable_since`; files are always reachable.
    """

    resource = models.ForeignKey(
        "catalogue.Resource", models.CASCADE, related_name="links", verbose_name=_("resource")
    )
    language = models.CharField(
        _("language of this copy"),
        max_length=7,
        blank=True,
        help_text=_("Leave empty if it is not stated."),
    )
    address = WebAddressField(_("address"), max_length=1_000, blank=True)
    file = models.FileField(_("file"), upload_to="resources/", blank=True)
    content_type = models.CharField(
        max_length=100, blank=True, editable=False, choices=CONTENT_TYPES
    )
    bytes = models.PositiveIntegerField(null=True, blank=True, editable=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0, editable=False)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True, editable=False)
    last_status = models.PositiveSmallIntegerField(
        _("last answer"), null=True, blank=True, editable=False
    )
    unreachable_since = models.DateTimeField(
        _("not reachable since"), null=True, blank=True, editable=False
    )

    objects = ResourceLinkQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("copy of a resource")
        verbose_name_plural = _("copies of resources")
        constraints = [
            models.CheckConstraint(
                condition=Q(language__in=["", *codes.LANGUAGES]),
                name="catalogue_resourcelink_language_known",
                violation_error_message=_("Choose a language from the list."),
            ),
            models.CheckConstraint(
                condition=Q(content_type__in=["", *dict(CONTENT_TYPES)]),
                name="catalogue_resourcelink_content_type_known",
            ),
            models.CheckConstraint(
                condition=Q(address="")
                | Q(address__startswith="http://")
                | Q(address__startswith="https://"),
                name="catalogue_resourcelink_address_is_web",
                violation_error_message=_("The address must start with https:// or http://."),
            ),
            models.CheckConstraint(
                condition=(~Q(address="") & Q(file="", content_type="", bytes=None))
                | (Q(address="", bytes__isnull=False) & ~Q(file="") & ~Q(content_type="")),
                name="catalogue_resourcelink_is_one_copy",
                violation_error_message=_("Give an address or a file, not both."),
            ),
            models.UniqueConstraint(
                fields=["resource", "position"], name="catalogue_resourcelink_position"
            ),
            models.UniqueConstraint(
                fields=["resource", "address"],
                condition=~Q(address=""),
                name="catalogue_resourcelink_address",
                violation_error_message=_("This address is there already."),
            ),
        ]

    def __str__(self) -> str:
        return self.address or self.file_name

    def get_absolute_url(self) -> str:
        return self.address or reverse(
            "catalogue:resource_file", args=[self.resource.slug, self.pk]
        )

    @property
    def file_name(self) -> str:
        """What the file is called when it is saved: the portal's name, never the uploader's."""
        ending = str(self.file.name).rpartition(".")[2]
        parts = [self.resource.slug, *([self.language] if self.language else [])]
        return f"{'-'.join(parts)}.{ending}"
