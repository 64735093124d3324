"""People who can be asked, once their employer has agreed."""

import secrets
from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalogue.querysets import ExpertLanguageQuerySet, ExpertQuerySet
from core import codes
from core.fields import CodeArrayField, choice_known, codes_known


class Availability(models.TextChoices):
    AVAILABLE = "available", _("Can be asked")
    LIMITED = "limited", _("Now and then")
    UNAVAILABLE = "unavailable", _("Not at present")


class LanguageLevel(models.TextChoices):
    FLUENT = "fluent", _("Fluent")
    WORKING = "working", _("Good enough to work in")
    BASIC = "basic", _("Basic")


class Audience(models.TextChoices):
    """Who may see one field of an expert."""

    PUBLIC = "public", _("Everybody")
    MEMBERS = "members", _("Members")
    HUB = "hub", _("People of the hub")
    NOBODY = "nobody", _("Nobody")


def _audience(label: Any, usual: Audience) -> models.CharField:
    return models.CharField(label, max_length=7, choices=Audience, default=usual)


def new_slug() -> str:
    """Return a name in addresses that says nothing about the person."""
    return secrets.token_hex(6)


class Expert(models.Model):
    """A member who can be asked, or somebody outside the portal who agreed to stand here.

    Everybody sees them once they want it (`is_published`) and the employer has consented
    (`consented_on`); the employer is `hub` or, in words, `employer`. `updated_at` moves only
    with what everybody sees. There is no history: it would keep what people take back.
    """

    Availability = Availability
    Audience = Audience

    slug = models.SlugField(max_length=20, unique=True, default=new_slug, editable=False)
    member = models.OneToOneField(
        "accounts.Member",
        models.PROTECT,
        related_name="expert",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("member"),
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    agreed_on = models.DateField(
        _("day on which the person agreed to stand here"), null=True, blank=True
    )
    headline = models.CharField(
        _("what you can be asked about"),
        max_length=200,
        help_text=_("In one line, for example: social registries, from design to payment."),
    )
    language = models.CharField(_("language of the text"), max_length=7, default="en")
    biography = models.TextField(_("biography"), max_length=5_000, blank=True)
    biography_audience = _audience(_("who sees the biography"), Audience.PUBLIC)
    sectors = CodeArrayField(codes.sector_choices, verbose_name=_("sectors"))
    countries = CodeArrayField(codes.country_choices, verbose_name=_("countries served"))
    years = models.PositiveSmallIntegerField(
        _("years of experience"), null=True, blank=True, validators=[MaxValueValidator(80)]
    )
    years_audience = _audience(_("who sees the years of experience"), Audience.PUBLIC)
    availability = models.CharField(
        _("availability"), max_length=11, choices=Availability, default=Availability.AVAILABLE
    )
    hub = models.ForeignKey(
        "hubs.Hub",
        models.PROTECT,
        related_name="experts",
        null=True,
        blank=True,
        verbose_name=_("hub that employs you"),
        help_text=_("One of its heads decides whether your profile is shown."),
    )
    employer = models.CharField(
        _("employer"), max_length=200, blank=True, help_text=_("If it is none of these hubs.")
    )
    employer_audience = _audience(_("who sees the employer"), Audience.PUBLIC)
    contact = models.CharField(
        _("how to reach you"), max_length=300, blank=True, help_text=_("E-mail, telephone …")
    )
    contact_audience = _audience(_("who sees how to reach you"), Audience.MEMBERS)
    is_published = models.BooleanField(
        _("show my profile as soon as my employer has agreed"), default=True
    )
    consented_on = models.DateField(_("consent of the employer"), null=True, editable=False)
    consented_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="experts_consented",
        null=True,
        editable=False,
        verbose_name=_("given or noted by"),
    )
    consent_note = models.CharField(_("note on the consent"), max_length=300, editable=False)
    declined_at = models.DateTimeField(_("declined"), null=True, editable=False)
    decline_reason = models.CharField(_("reason"), max_length=500, editable=False)
    added_by = models.ForeignKey(
        "accounts.Member",
        models.PROTECT,
        related_name="experts_added",
        editable=False,
        verbose_name=_("added by"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ExpertQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        indexes = [models.Index(fields=["updated_at", "id"], name="catalogue_expert_updated")]
        constraints = [
            choice_known("catalogue_expert", "availability", Availability),
            choice_known("catalogue_expert", "biography_audience", Audience),
            choice_known("catalogue_expert", "years_audience", Audience),
            choice_known("catalogue_expert", "employer_audience", Audience),
            choice_known("catalogue_expert", "contact_audience", Audience),
            codes_known("catalogue_expert", "sectors", codes.SECTORS),
            codes_known("catalogue_expert", "countries", codes.COUNTRIES),
            models.CheckConstraint(
                condition=Q(language__in=codes.LANGUAGES),
                name="catalogue_expert_language_known",
                violation_error_message=_("Choose a language from the list."),
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=False, name="")
                | (Q(member=None, agreed_on__isnull=False) & ~Q(name="")),
                name="catalogue_expert_is_somebody",
                violation_error_message=_("Give the name, and the day on which they agreed."),
            ),
            models.CheckConstraint(
                condition=Q(hub=None) | Q(employer=""),
                name="catalogue_expert_one_employer",
                violation_error_message=_("Choose a hub or write the employer's name, not both."),
            ),
            models.CheckConstraint(
                condition=Q(consented_on=None, consented_by=None)
                | Q(consented_on__isnull=False, consented_by__isnull=False, declined_at=None),
                name="catalogue_expert_consent_is_somebodys",
            ),
        ]

    def __str__(self) -> str:
        return self.name or (self.member.name if self.member else "")

    def get_absolute_url(self) -> str:
        return reverse("catalogue:expert_detail", args=[self.slug])


class ExpertLanguage(models.Model):
    """A language that an expert speaks, and how well."""

    Level = LanguageLevel

    expert = models.ForeignKey(
        "catalogue.Expert", models.CASCADE, related_name="spoken", verbose_name=_("expert")
    )
    language = models.CharField(_("language"), max_length=7)
    level = models.CharField(_("level"), max_length=7, choices=LanguageLevel)

    objects = ExpertLanguageQuerySet.as_manager()

    class Meta:
        ordering = ["language"]
        verbose_name = _("language of an expert")
        verbose_name_plural = _("languages of experts")
        constraints = [
            choice_known("catalogue_expertlanguage", "level", LanguageLevel),
            models.CheckConstraint(
                condition=Q(language__in=codes.LANGUAGES),
                name="catalogue_expertlanguage_language_known",
            ),
            models.UniqueConstraint(
                fields=["expert", "language"], name="catalogue_expertlanguage_once"
            ),
        ]

    def __str__(self) -> str:
        return codes.language_name(self.language)
