"""What holds for every model of the portal."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from django.utils.functional import Promise

from accounts.models import Member
from community.followed import NAMES as FOLLOWED_KINDS
from core.fields import CodeArrayField
from hubs.models import Presence
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory

OURS = ("accounts", "hubs", "catalogue", "evaluation", "community")
MODELS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in OURS and not model.__name__.startswith("Historical")
]
# The settings choose the portal's languages; another one needs no migration.
OPEN_CHOICES = {("Member", "language"), ("Invitation", "language")}
# What goes with its whole when that is deleted.
PARTS = {
    ("Acceptance", "member"),
    ("BlockUse", "block"),
    ("BlockUse", "entry"),
    ("EntryAttachment", "entry"),
    ("EntryPartner", "entry"),
    ("ResultRow", "entry"),
    ("IdempotentRequest", "member"),
    ("NetworkMembership", "network"),
    ("PillarScore", "assessment"),
    ("ResourceLink", "resource"),
    ("ExpertLanguage", "expert"),
    ("Party", "exchange"),
    ("Step", "exchange"),
    ("Attendance", "step"),
    ("Attendance", "party"),
    ("Confirmation", "exchange"),
    ("Confirmation", "party"),
    ("Contribution", "exchange"),
    ("Evidence", "exchange"),
    ("Evidence", "update"),
    ("Survey", "exchange"),
    ("FollowUpPerson", "exchange"),
    ("SurveyInvitation", "survey"),
    ("ActionPlan", "exchange"),
    ("ActionPlan", "party"),
    ("ActionItem", "plan"),
    ("CellMapping", "source"),
    ("CellMapping", "target"),
    ("Result", "framework"),
    ("Indicator", "result"),
    ("Period", "framework"),
    ("LockException", "period"),
    ("LockException", "indicator"),
    ("Target", "indicator"),
    ("Target", "period"),
    ("UpdateCell", "update"),
    ("ReportingLink", "period"),
    ("UpdateUpload", "member"),
    ("UpdateUpload", "framework"),
    ("Figure", "indicator"),
    ("Figure", "period"),
    ("FigureLine", "figure"),
    ("FigureLine", "child"),
    ("FigureLine", "child_indicator"),
    ("Recalculation", "indicator"),
    ("Drift", "figure"),
    ("RungClaim", "story"),
    ("RungChange", "story"),
    ("AnnouncementRecipient", "announcement"),
    ("SpacePerson", "space"),
    ("PostRevision", "post"),
    ("PostMention", "post"),
    ("UsefulMark", "post"),
    ("PostFile", "post"),
    ("ThreadRead", "thread"),
    ("PostDraft", "thread"),
    ("EventSession", "event"),
    ("Enrolment", "event"),
    ("EventAttendance", "enrolment"),
    ("EventAttendance", "session"),
    ("EventFeedback", "enrolment"),
    ("Bounce", "address"),
    *(("Follow", name) for name in FOLLOWED_KINDS),
}
# What is forgotten when it is deleted, by those who were made from it.
MEMORIES = {
    ("Exchange", "copied_from"),
    ("Framework", "copied_from"),
    ("SurveyInvitation", "person"),
    ("SurveyInvitation", "evidence"),
    ("Thread", "accepted"),
    ("Announcement", "thread"),
    ("AnnouncementRecipient", "mail"),
}
NEVER_IN_FORMS = {"IdempotentRequest", "OutgoingMail", "StarterRow", "Activity", "Acceptance"}
# Called by its English name everywhere, as in addresses.
UNNAMED = {"slug"}


def fields(*kinds):
    return [
        pytest.param(model, field, id=f"{model.__name__}.{field.name}")
        for model in MODELS
        for field in model._meta.get_fields()
        if isinstance(field, kinds) and not field.auto_created
    ]


def values_guarded(model, lookup):
    """Return the values that a CheckConstraint of `model` allows by `lookup` alone."""
    for constraint in model._meta.constraints:
        condition = getattr(constraint, "condition", None) or models.Q()
        lookups = [child[0] for child in condition.children if isinstance(child, tuple)]
        if isinstance(constraint, models.CheckConstraint) and lookups == [lookup]:
            return set(condition.children[0][1])
    return None


def with_choices():
    return [each for each in fields(models.Field) if each.values[1].choices]


@pytest.mark.parametrize(("model", "field"), with_choices())
def test_the_database_guards_every_choice(model, field):
    if (model.__name__, field.name) in OPEN_CHOICES:
        return
    allowed = {value for value, _label in field.flatchoices}
    if field.blank:
        allowed.add("")

    assert values_guarded(model, f"{field.name}__in") == allowed


@pytest.mark.parametrize(("model", "field"), fields(CodeArrayField))
def test_the_database_guards_every_list_of_codes(model, field):
    allowed = {code for code, _name in field.codes()}

    assert values_guarded(model, f"{field.name}__contained_by") == allowed


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make_row", "change"),
    [
        (MemberFactory, {"status": "asleep"}),
        (MemberFactory, {"role": "superuser"}),
        (make.HubFactory, {"level": "galactic"}),
        (make.HubFactory, {"countries": ["XX"]}),
        (make.PresenceFactory, {"country": "XX"}),
        (make.FundingStreamFactory, {"share": 101}),
        (make.MembershipFactory, {"role": "owner"}),
    ],
)
def test_the_database_refuses_what_no_form_would_send(make_row, change):
    row = make_row()

    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**change)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_names_itself_in_words(model):
    assert "__str__" in vars(model)
    assert isinstance(model._meta.verbose_name, Promise), "verbose_name is not translated"
    assert isinstance(model._meta.verbose_name_plural, Promise)
    assert model._meta.default_permissions is not None
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}(")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_constraint_is_named_after_its_app(model):
    names = [each.name for each in (*model._meta.constraints, *model._meta.indexes)]

    assert [name for name in names if not name.startswith(f"{model._meta.app_label}_")] == []


@pytest.mark.parametrize(
    ("model", "field"), fields(models.ForeignKey, models.OneToOneField, models.ManyToManyField)
)
def test_every_relation_can_be_asked_from_its_other_end(model, field):
    assert field._related_name, "related_name is missing"


@pytest.mark.parametrize(("model", "field"), fields(models.ForeignKey))
def test_parts_go_with_their_whole_and_nothing_else_goes(model, field):
    named = (model.__name__, field.name)
    expected = models.PROTECT
    if named in PARTS:
        expected = models.CASCADE
    elif named in MEMORIES:
        expected = models.SET_NULL

    assert field.remote_field.on_delete is expected


def editable_fields():
    return [
        each
        for each in fields(models.Field)
        if each.values[1].editable and each.values[0].__name__ not in NEVER_IN_FORMS
    ]


@pytest.mark.parametrize(("model", "field"), editable_fields())
def test_every_field_of_a_form_has_a_translated_label(model, field):
    assert field.name in UNNAMED or isinstance(field.verbose_name, Promise)


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_rows_say_what_they_are():
    assert str(MemberFactory(name="Agnes")) == "Agnes"
    assert str(make.PresenceFactory(country="GH", place="Accra")) == "Accra, Ghana"
    assert Presence.objects.count() == 1
    assert Member.objects.count() == 1
