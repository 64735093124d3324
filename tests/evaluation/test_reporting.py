"""Reporting and approving: rights, refusals, races, supersession."""

import datetime
from contextlib import suppress
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from core.errors import DomainError, StaleEdit
from evaluation.models import LockException, Recalculation, Update
from evaluation.services.approving import (
    approve_update,
    approve_updates,
    return_update,
    withdraw_update,
)
from evaluation.services.reporting import (
    begin_update,
    change_update,
    recall_update,
    revise_update,
    submit_update,
)
from evaluation.services.units import Unit
from evaluation.services.update_checks import Stated, doubts_of, previous_of, unknown_of
from tests.evaluation.reporting import Setting, states
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation import DimensionFactory, PeriodFactory
from tests.factories.hubs import MembershipFactory
from tests.hubs.people import PEOPLE, person
from tests.races import all_at_once

pytestmark = pytest.mark.django_db

ANY_ROLE = {"correspondent", "me_focal_point", "editor", "head"}
ASSESSING = {"me_focal_point", "editor", "head"}
MODERATORS = {"moderator", "administrator"}
ACTS = {
    "report": ANY_ROLE,
    "submit": ANY_ROLE,
    "recall": ANY_ROLE,
    "revise": ANY_ROLE,
    "approve": ASSESSING | MODERATORS,
    "return": ASSESSING | MODERATORS,
    "withdraw approved": ASSESSING | MODERATORS,
    "withdraw draft": ANY_ROLE,
}


def _act(name, setting, by):
    stated = Stated({"value": Decimal(1)})
    if name == "report":
        begin_update(setting.indicator, setting.year, setting.unit, stated=stated, by=by)
        return
    state = {"submit": "draft", "withdraw draft": "draft", "revise": "approved"}.get(name)
    state = state or ("approved" if name == "withdraw approved" else "submitted")
    make = {"draft": setting.draft, "submitted": setting.submitted, "approved": setting.approved}
    update = make[state]()
    version = update.version
    acts = {
        "submit": lambda: submit_update(update, expected_version=version, by=by),
        "recall": lambda: recall_update(update, by=by),
        "revise": lambda: revise_update(update, by=by),
        "approve": lambda: approve_update(update, expected_version=version, by=by),
        "return": lambda: return_update(update, note="No", expected_version=version, by=by),
        "withdraw approved": lambda: withdraw_update(
            update, reason="Wrong", expected_version=version, by=by
        ),
        "withdraw draft": lambda: withdraw_update(
            update, reason="", expected_version=version, by=by
        ),
    }
    acts[name]()


@pytest.mark.parametrize("name", ACTS)
def test_each_role_does_what_the_table_says(name):
    setting, done = Setting(), set()
    for who in PEOPLE:
        if who == "anonymous":
            continue  # services take members only; the pages send visitors to sign in
        by = person(who, setting.hub)
        with suppress(PermissionDenied), transaction.atomic():
            _act(name, setting, by)
            done.add(who)
            transaction.set_rollback(True)

    assert done == ACTS[name]


def test_nobody_approves_what_they_wrote_any_part_of():
    setting = Setting()
    draft = setting.draft()
    draft = change_update(
        draft, stated=Stated({"value": Decimal(9)}), expected_version=1, by=setting.head
    )
    waiting = submit_update(draft, expected_version=draft.version, by=setting.reporter)

    for by in (setting.head, setting.reporter):
        with pytest.raises(PermissionDenied):
            approve_update(waiting, expected_version=waiting.version, by=by)
    assert states() == {waiting.pk: "submitted"}


def test_approval_supersedes_the_earlier_figure_and_asks_for_a_computation():
    setting = Setting()
    first = setting.approved(value=Decimal(5))
    revision = revise_update(first, by=setting.reporter)
    revision = change_update(
        revision,
        stated=Stated({"value": Decimal(7)}),
        expected_version=revision.version,
        by=setting.reporter,
    )
    waiting = submit_update(revision, expected_version=revision.version, by=setting.reporter)
    assert states() == {first.pk: "approved", waiting.pk: "submitted"}
    Recalculation.objects.all().delete()

    done = approve_update(waiting, expected_version=waiting.version, by=setting.head)

    first.refresh_from_db()
    assert states() == {first.pk: "superseded", done.pk: "approved"}
    assert (first.value, first.ended_at) == (Decimal(5), done.approved_at)
    assert done.supersedes == first
    asked = list(Recalculation.objects.values_list("indicator", flat=True))
    assert asked == [setting.indicator.pk]


@pytest.mark.parametrize("act", ["submit", "approve", "return", "withdraw"])
def test_an_act_on_what_somebody_changed_meanwhile_is_refused(act):
    setting = Setting()
    update = setting.draft() if act == "submit" else setting.submitted()
    if act == "withdraw":
        update = approve_update(update, expected_version=update.version, by=setting.head)
    before = states()
    acts = {
        "submit": lambda: submit_update(update, expected_version=99, by=setting.reporter),
        "approve": lambda: approve_update(update, expected_version=99, by=setting.head),
        "return": lambda: return_update(update, note="x", expected_version=99, by=setting.head),
        "withdraw": lambda: withdraw_update(
            update, reason="x", expected_version=99, by=setting.head
        ),
    }

    with pytest.raises(StaleEdit):
        acts[act]()
    assert states() == before


def test_a_locked_period_takes_nothing_until_an_exception_opens_it():
    setting = Setting()
    waiting = setting.submitted()
    setting.year.locked_at = timezone.now()
    setting.year.save()

    with pytest.raises(DomainError, match="locked"):
        approve_update(waiting, expected_version=waiting.version, by=setting.head)
    with pytest.raises(DomainError, match="locked"):
        setting.draft(source_name="another", value=Decimal(1))
    assert states() == {waiting.pk: "submitted"}

    LockException.objects.create(
        period=setting.year,
        until=timezone.now() + datetime.timedelta(hours=1),
        reason="Late",
        by=setting.head,
    )
    approve_update(waiting, expected_version=waiting.version, by=setting.head)
    assert states() == {waiting.pk: "approved"}


def test_a_return_and_the_withdrawal_of_what_counts_need_a_reason():
    setting = Setting()
    waiting = setting.submitted()
    with pytest.raises(ValidationError):
        return_update(waiting, note="  ", expected_version=waiting.version, by=setting.head)
    done = approve_update(waiting, expected_version=waiting.version, by=setting.head)
    with pytest.raises(ValidationError):
        withdraw_update(done, reason=" ", expected_version=done.version, by=setting.head)

    assert states() == {done.pk: "approved"}


def test_many_are_approved_each_with_its_own_result():
    setting = Setting()
    good = setting.submitted()
    setting.indicator = setting.another()
    own = setting.draft()
    own = change_update(
        own, stated=Stated({"value": Decimal(2)}), expected_version=1, by=setting.head
    )
    own = submit_update(own, expected_version=own.version, by=setting.reporter)

    outcomes = approve_updates([(good, good.version), (own, own.version)], by=setting.head)

    assert [bool(each.refusal) for each in outcomes] == [False, True]
    assert states() == {good.pk: "approved", own.pk: "submitted"}


@pytest.mark.parametrize(
    ("kind", "columns", "field"),
    [
        ("count", {"value": Decimal(-1)}, "value"),
        ("count", {"value": Decimal("1.5")}, "value"),
        ("count", {"numerator": Decimal(1)}, "numerator"),
        ("ratio", {"denominator": Decimal(-1)}, "denominator"),
        ("yes-no", {"value": Decimal(2)}, "value"),
        ("ordinal", {"score": 3}, "score"),
        ("count", {"value": Decimal(1), "not_available": "not-yet"}, "not_available"),
        ("count", {"distinct_people": 3}, "distinct_people"),
        ("count", {"value": Decimal(1), "is_additive": True}, "source_name"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(kind, columns, field):
    space = {"ratio": "ratio", "ordinal": "none"}.get(kind, "sum")
    setting = Setting(kind=kind, space_op=space, scale=["low", "mid", "high"])

    with pytest.raises(ValidationError) as refused:
        setting.draft(**columns)

    assert list(refused.value.error_dict) == [field]
    assert states() == {}


def test_periods_of_others_and_those_to_come_take_nothing():
    setting = Setting()
    to_come = PeriodFactory(
        framework=setting.framework,
        starts_on=datetime.date(2099, 1, 1),
        ends_on=datetime.date(2099, 12, 31),
    )
    monthly = PeriodFactory(framework=setting.framework, frequency="month")
    for period in (PeriodFactory(), to_come, monthly):
        with pytest.raises(ValidationError) as refused:
            setting.draft(period)
        assert list(refused.value.error_dict) == ["period"]


def test_a_draft_may_be_empty_but_is_not_sent_so():
    setting = Setting()
    draft = setting.draft(value=None)

    with pytest.raises(ValidationError) as refused:
        submit_update(draft, expected_version=1, by=setting.reporter)

    assert list(refused.value.error_dict) == ["value"]
    assert states() == {draft.pk: "draft"}


def test_rule_3_a_falling_running_total_needs_a_comment():
    setting = Setting(accumulates=True, time_op="last")
    setting.approved(value=Decimal(120))
    draft = setting.draft(setting.next_year, value=Decimal(100))
    with pytest.raises(ValidationError) as refused:
        submit_update(draft, expected_version=1, by=setting.reporter)
    assert list(refused.value.error_dict) == ["comment"]

    draft = change_update(
        draft, stated=Stated({"comment": "Recount"}), expected_version=1, by=setting.reporter
    )
    sent = submit_update(draft, expected_version=draft.version, by=setting.reporter)

    previous = previous_of(setting.indicator, setting.next_year, setting.unit)
    (doubt,) = doubts_of(Update.objects.for_list().get(pk=sent.pk), previous)
    assert "120" in doubt
    assert "-20" in doubt


def test_rule_13_doubts_never_keep_a_figure_from_being_approved():
    setting = Setting(maximum=Decimal(10))
    waiting = setting.submitted(value=Decimal(11))
    assert len(doubts_of(Update.objects.for_list().get(pk=waiting.pk), None)) == 1

    approve_update(waiting, expected_version=waiting.version, by=setting.head)

    assert states() == {waiting.pk: "approved"}


def test_rule_5_a_ratio_over_nought_is_taken_and_told():
    setting = Setting(kind="ratio", space_op="ratio")
    done = setting.approved(numerator=Decimal(0), denominator=Decimal(0))

    (doubt,) = doubts_of(Update.objects.for_list().get(pk=done.pk), None)

    assert doubt.startswith("n/a: no denominator")


def test_one_series_is_reported_once_at_a_time():
    setting = Setting()
    setting.draft()

    with pytest.raises(DomainError, match="already"):
        setting.draft()

    assert list(states().values()) == ["draft"]


def test_no_unit_reports_on_the_framework_of_another_hub():
    setting = Setting()
    other = MembershipFactory(head=True)

    with pytest.raises(PermissionDenied):
        begin_update(
            setting.indicator, setting.year, Unit(hub=other.hub), stated=Stated(), by=other.member
        )
    with pytest.raises(PermissionDenied):
        begin_update(
            setting.indicator,
            setting.year,
            Unit(hub=other.hub),
            stated=Stated(),
            by=setting.reporter,
        )


def test_cells_that_are_left_out_of_a_partition_are_unknown():
    setting = Setting()
    sex = DimensionFactory(code="sex", parts=["women", "men"])
    setting.version.dimensions.add(sex)
    women, men = sex.cells.order_by("pk")
    cells = {women.pk: {"value": Decimal(4)}, men.pk: {"value": Decimal(5)}}

    update = setting.draft(value=Decimal(10), cells=cells)

    assert unknown_of(update) == [(sex, Decimal(1))]


def test_the_hub_of_a_hidden_unit_is_not_told_to_others():
    setting = Setting()
    update = setting.approved()
    setting.hub.is_published = False
    setting.hub.save()

    assert list(Update.objects.visible_to(MemberFactory())) == []
    assert list(Update.objects.visible_to(setting.reporter)) == [update]


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once_are_one_approval():
    setting = Setting()
    waiting = setting.submitted()
    other = MembershipFactory(hub=setting.hub, head=True).member

    results = all_at_once(
        *(
            lambda by=by: approve_update(waiting, expected_version=waiting.version, by=by)
            for by in (setting.head, other)
        )
    )

    assert sorted(isinstance(each, DomainError) for each in results) == [False, True]
    assert states() == {waiting.pk: "approved"}


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_the_same_at_once_are_one_draft():
    setting = Setting()

    results = all_at_once(setting.draft, setting.draft)

    assert sorted(isinstance(each, DomainError) for each in results) == [False, True]
    assert list(states().values()) == ["draft"]


@pytest.mark.django_db(transaction=True)
def test_a_revision_and_a_withdrawal_at_once_leave_one_truth():
    setting = Setting()
    first = setting.approved()
    revision = revise_update(first, by=setting.reporter)
    waiting = submit_update(revision, expected_version=revision.version, by=setting.reporter)

    all_at_once(
        lambda: approve_update(waiting, expected_version=waiting.version, by=setting.head),
        lambda: withdraw_update(
            first, reason="Wrong", expected_version=first.version, by=setting.head
        ),
    )

    found = states()
    assert found[waiting.pk] == "approved"
    assert found[first.pk] in {"superseded", "withdrawn"}
