"""The user model: a person who signs in by e-mail."""

import zoneinfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models.mail import USUAL_PACES, MailKind, MailPace
from accounts.querysets import ELEVATED_ROLES, TAKING_PART, MemberManager
from core import codes
from core.errors import DomainError
from core.fields import CodeArrayField, choice_known, codes_known


class Visibility(models.TextChoices):
    """Who may see one field of a profile."""

    PUBLIC = "public", _("Everybody")
    MEMBERS = "members", _("Members")
    HUBS = "hubs", _("Members of my hubs")
    NOBODY = "nobody", _("Nobody")


PROFILE_LABELS = {
    "organisation": _("Organisation"),
    "country": _("Country"),
    "languages": _("Languages spoken"),
    "biography": _("Biography"),
    "sectors": _("Sectors of interest"),
    "photo": _("Photo"),
    "email": _("E-mail address"),
    "time_zone": _("Time zone"),
    "contributions": _("My contributions"),
}


def validate_time_zone(value: str) -> None:
    """Raise `ValidationError` unless `value` names a time zone of the IANA database."""
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("Choose a time zone from the list."))


class MemberRole(models.TextChoices):
    MEMBER = "member", _("Member")
    MODERATOR = "moderator", _("Moderator")
    ADMINISTRATOR = "administrator", _("Administrator")


class MemberStatus(models.TextChoices):
    PENDING = "pending", _("Waiting for approval")
    ACTIVE = "active", _("Active")
    LIMITED = "limited", _("Limited")
    SUSPENDED = "suspended", _("Suspended")
    CLOSED = "closed", _("Closed")


class Member(AbstractBaseUser):
    """A person with an account.

    Life cycle: pending -> active -> limited or suspended and back; closed is the end. Change
    `status` and `role` through `accounts.services` only. There are no superusers: every right
    is a queryset method, the admin included.
    """

    Role = MemberRole

    Status = MemberStatus

    NEXT = {
        Status.PENDING: {Status.ACTIVE, Status.SUSPENDED, Status.CLOSED},
        Status.ACTIVE: {Status.LIMITED, Status.SUSPENDED, Status.CLOSED},
        Status.LIMITED: {Status.ACTIVE, Status.SUSPENDED, Status.CLOSED},
        Status.SUSPENDED: {Status.ACTIVE, Status.LIMITED, Status.CLOSED},
        Status.CLOSED: set[MemberStatus](),
    }
    # Profile fields whose visibility a member chooses, and who sees them before any choice.
    VISIBILITY_DEFAULTS = {
        "organisation": Visibility.PUBLIC,
        "country": Visibility.PUBLIC,
        "languages": Visibility.MEMBERS,
        "biography": Visibility.MEMBERS,
        "sectors": Visibility.MEMBERS,
        "photo": Visibility.MEMBERS,
        "email": Visibility.NOBODY,
        "time_zone": Visibility.NOBODY,
        "contributions": Visibility.MEMBERS,  # no column: apps above gather them
    }

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=80, unique=True, editable=False)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    languages = CodeArrayField(codes.language_choices, verbose_name=_("languages spoken"))
    language = models.CharField(
        _("language of the portal"),
        max_length=7,
        choices=settings.LANGUAGES,
        default="en",
    )
    time_zone = models.CharField(
        _("time zone"), max_length=50, default="UTC", validators=[validate_time_zone]
    )
    biography = models.TextField(_("biography"), max_length=2_000, blank=True)
    sectors = CodeArrayField(codes.sector_choices, verbose_name=_("sectors of interest"))
    photo = models.ImageField(_("photo"), upload_to="photos/", blank=True)
    visibility = models.JSONField(default=dict, blank=True, editable=False)
    # MailKind -> MailPace, of those chosen; all others come as `USUAL_PACES` says, or at once.
    mail_choices = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    # Of what the member says of themselves: profile, visibility, choices of mail.
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    role = models.CharField(
        _("role"), max_length=13, choices=Role, default=Role.MEMBER, editable=False
    )
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=Status,
        default=Status.PENDING,
        editable=False,
    )
    status_reason = models.TextField(_("reason"), max_length=1_000, blank=True, editable=False)
    status_until = models.DateTimeField(_("until"), null=True, blank=True, editable=False)
    joined_at = models.DateTimeField(_("joined"), db_default=Now(), editable=False)
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            choice_known("accounts_member", "role", MemberRole),
            choice_known("accounts_member", "status", MemberStatus),
            codes_known("accounts_member", "languages", codes.LANGUAGES),
            codes_known("accounts_member", "sectors", codes.SECTORS),
            models.CheckConstraint(
                condition=Q(country__in=["", *codes.COUNTRIES]),
                name="accounts_member_country_known",
                violation_error_message=_("Choose a country from the list."),
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="accounts_member_email_lowercase",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("community:member_detail", args=[self.slug])

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # a column would repeat `status`
        """Whether the member may sign in."""
        return self.status not in (self.Status.SUSPENDED, self.Status.CLOSED)

    def mail_pace(self, kind: str) -> MailPace:
        """Return how soon the member wants mail of a `MailKind`."""
        usual = USUAL_PACES.get(MailKind(kind), MailPace.AT_ONCE)
        return MailPace(self.mail_choices.get(kind, usual))

    @property
    def takes_part(self) -> bool:
        """Whether the member's rights count."""
        return self.status in TAKING_PART

    @property
    def is_moderator(self) -> bool:
        """Whether the member moderates; administrators do too."""
        return self.takes_part and self.role in ELEVATED_ROLES

    @property
    def is_administrator(self) -> bool:
        return self.takes_part and self.role == self.Role.ADMINISTRATOR

    @property
    def is_staff(self) -> bool:
        """Whether the member may enter the admin, in Django's word for it."""
        return self.is_moderator

    def has_module_perms(self, app_label: str) -> bool:
        """Django's admin asks; each admin class decides for its own rows."""
        return self.is_moderator

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's admin asks; each admin class decides for its own rows."""
        return self.is_moderator

    def visibility_of(self, field: str) -> str:
        """Return who may see profile field `field`, as a `Visibility` value."""
        return str(self.visibility.get(field, self.VISIBILITY_DEFAULTS[field]))

    def shows(self, field: str, viewer: object, *, shares_hub: bool) -> bool:
        """Return whether `viewer` may see profile field `field`.

        `shares_hub` says whether both hold a role in one hub; the caller knows.
        """
        if isinstance(viewer, Member) and viewer.pk == self.pk:
            return True
        allowed = {Visibility.PUBLIC}
        if isinstance(viewer, Member) and viewer.takes_part:
            allowed.add(Visibility.MEMBERS)
            if shares_hub:
                allowed.add(Visibility.HUBS)
        return self.visibility_of(field) in allowed

    def fields_shown_to(self, viewer: object, *, shares_hub: bool) -> dict[str, object]:
        """Return the profile fields that `viewer` may see, as `shows` has it, empty ones and
        those without a column left out.
        """
        return {
            name: getattr(self, name)
            for name in self.VISIBILITY_DEFAULTS
            if getattr(self, name, None) and self.shows(name, viewer, shares_hub=shares_hub)
        }

    def move_to(self, status: MemberStatus) -> None:
        """Set `status` on the instance, without saving; `DomainError` if not allowed."""
        if status not in self.NEXT[self.Status(self.status)]:
            raise DomainError(
                _("A member who is “%(now)s” cannot become “%(then)s”.")
                % {"now": self.Status(self.status).label, "then": status.label}
            )
        self.status = status
