"""Surveys and action plans: when, by whom, once; what becomes of names and answers."""

import datetime
import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Activity, OutgoingMail
from core.errors import DomainError, StaleEdit
from evaluation.models import (
    ActionItem,
    ActionPlan,
    Evidence,
    Exchange,
    FollowUpPerson,
    Moment,
    Survey,
    SurveyInvitation,
)
from evaluation.services import plans, surveys
from evaluation.survey_questions import QUESTIONS
from tests.api_clients import client_of
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation import ExchangeFactory, PartyFactory
from tests.factories.evaluation_stories import ItemFactory, PersonFactory, PlanFactory
from tests.factories.hubs import MembershipFactory
from tests.hubs.people import person, someone
from tests.races import all_at_once

pytestmark = pytest.mark.django_db

ROLES = (
    *("anonymous", "suspended", "pending", "member", "stranger", "correspondent"),
    *("me_focal_point", "editor", "head", "moderator", "administrator"),
)
OWN = {"correspondent", "me_focal_point", "editor", "head"}
ASSESSORS = {"me_focal_point", "editor", "head"}
DAY = datetime.timedelta(days=1)


def at(year, month, day):
    return datetime.datetime(year, month, day, 12, tzinfo=datetime.UTC)


def link_in(mail):
    return re.search(r"/evaluation/follow-up/answer/\w+/", mail.body).group()


def invited(**options):
    asked = PersonFactory(**options)
    surveys.follow_up(at(2024, 2, 1))
    # The pages ask the clock of today.
    SurveyInvitation.objects.update(expires_at=timezone.now() + DAY)
    return asked, SurveyInvitation.objects.get(person=asked)


@pytest.mark.parametrize("role", ROLES)
def test_surveys_people_and_answers_are_for_the_telling_hub(role):
    asked, _invitation = invited()
    PartyFactory(exchange=asked.exchange)
    user = someone(role, asked.exchange.hub)

    for model in (Survey, FollowUpPerson, SurveyInvitation):
        assert model.objects.visible_to(user).exists() == (role in OWN)
        assert model.objects.editable_by(user).exists() == (role in ASSESSORS)


@pytest.mark.parametrize("role", ROLES)
def test_plans_are_seen_by_the_hubs_of_the_exchange_and_written_by_its_people(role):
    party = PartyFactory()
    item = ItemFactory(plan__party=party)

    for hub in (party.hub, party.exchange.hub):
        user = someone(role, hub)
        assert ActionPlan.objects.visible_to(user).exists() == (role in OWN)
        assert ActionPlan.objects.editable_by(user).exists() == (role in ASSESSORS)
        assert ActionItem.objects.visible_to(user).exists() == (role in OWN)
        assert ActionItem.objects.editable_by(user).exists() == (role in ASSESSORS)
    assert item.plan.party == party


def test_another_party_reads_a_plan_and_does_not_write_it():
    plan = PlanFactory()
    other = PartyFactory(exchange=plan.exchange, side="seeker")
    user = person("head", other.hub)

    assert ActionPlan.objects.visible_to(user).contains(plan)
    assert not ActionPlan.objects.editable_by(user).exists()


@pytest.mark.parametrize(
    ("end", "moment", "expected"),
    [
        ((2024, 1, 31), Moment.END, (2024, 1, 31)),
        ((2023, 8, 31), Moment.HALF_YEAR, (2024, 2, 29)),
        ((2024, 2, 29), Moment.TWO_YEARS, (2026, 2, 28)),
        ((2024, 7, 15), Moment.HALF_YEAR, (2025, 1, 15)),
    ],
)
def test_moments_are_counted_in_months_from_the_end(end, moment, expected):
    assert surveys.due_on(datetime.date(*end), moment) == datetime.date(*expected)


def test_each_moment_has_at_most_eight_questions_and_asks_what_did_not_work():
    for moment in Moment:
        names = [question.name for question in QUESTIONS[moment]]
        assert len(names) == len(set(names)) <= 8
        assert "did_not_work" in names


def test_people_are_asked_at_each_moment_once_and_reminded_once():
    asked = PersonFactory(email="ana@example.org")

    counts = [
        surveys.follow_up(moment)
        for moment in (
            at(2024, 1, 30),  # before the end
            at(2024, 1, 31),
            at(2024, 1, 31),  # run twice
            at(2024, 2, 15),  # the reminder
            at(2024, 3, 1),
            at(2024, 7, 31),  # six months
            at(2026, 1, 31),  # two years
        )
    ]

    assert counts == [0, 1, 0, 1, 0, 1, 1]
    assert {survey.moment for survey in Survey.objects.all()} == {"0", "6", "24"}
    mails = list(OutgoingMail.objects.order_by("pk"))
    assert {mail.to for mail in mails} == {asked.email}
    assert link_in(mails[0]) == link_in(mails[1])
    assert len({link_in(mail) for mail in mails}) == 3


@pytest.mark.parametrize(
    "options", [{"status": "under-way"}, {"status": "cancelled", "cancel_reason": "x"},
                {"ends_on": None}]
)  # fmt: skip
def test_nobody_is_asked_about_an_exchange_that_is_not_completed(options):
    PersonFactory(**{f"exchange__{name}": value for name, value in options.items()})

    assert surveys.follow_up(at(2024, 2, 1)) == 0


def test_nobody_is_asked_long_after_the_moment():
    PersonFactory()

    assert surveys.follow_up(at(2024, 5, 15)) == 0


def test_moments_follow_a_changed_end_until_somebody_was_asked():
    asked, _invitation = invited()
    asked.exchange.ends_on = datetime.date(2024, 3, 31)
    asked.exchange.save()

    surveys.follow_up(at(2024, 2, 2))

    days = dict(Survey.objects.values_list("moment", "due_on"))
    assert days == {
        "0": datetime.date(2024, 1, 31),
        "6": datetime.date(2024, 9, 30),
        "24": datetime.date(2026, 3, 31),
    }


def test_the_secret_of_a_link_is_not_kept():
    _asked, invitation = invited()
    token = surveys.token_of(invitation)

    assert link_in(OutgoingMail.objects.get()).endswith(f"/{token}/")
    assert token != invitation.token_hash
    assert surveys.invitation_of(token) == invitation
    assert surveys.invitation_of("x" * 64) is None


def test_a_person_answers_once_without_an_account(client):
    _asked, invitation = invited()
    url = link_in(OutgoingMail.objects.get())
    page = client.get(url)
    assert page.status_code == 200
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]

    first = client.post(url, {"useful": "5", "learned": "Nets", "may_be_quoted": "on", "x": "y"})
    second = client.post(url, {"useful": "1"})

    assert "Thank you. Your answer was kept." in first.content.decode()
    assert second.status_code == 409
    invitation.refresh_from_db()
    assert (invitation.answers, invitation.may_be_quoted) == (
        {"useful": "5", "learned": "Nets"},
        True,
    )
    assert "This link was used already" in client.get(url).content.decode()


def test_the_questions_are_in_the_person_s_language_whatever_the_browser_asks(client):
    invited(language="ar")
    url = link_in(OutgoingMail.objects.get())

    body = client.get(url, headers={"Accept-Language": "en"})

    assert '<html lang="ar" dir="rtl">' in body.content.decode()
    assert body["Content-Language"] == "ar"


@pytest.mark.parametrize(
    ("language", "spoken"), [("pt", "pt-br"), ("fr", "fr"), ("sw", "en"), ("es", "es")]
)
def test_a_person_is_addressed_in_the_nearest_language_of_the_portal(language, spoken):
    assert surveys.spoken(language) == spoken


def test_an_empty_answer_and_junk_are_refused_and_a_late_one_too(client):
    _asked, invitation = invited()
    url = link_in(OutgoingMail.objects.get())

    assert client.post(url, {}).status_code == 409
    assert client.post(url, {"useful": "9"}).status_code == 200
    assert client.post(url, {"learned": "a\x00b"}).status_code == 200
    assert client.post(url, {"learned": "x" * 2_001}).status_code == 200
    with pytest.raises(DomainError, match="This link has ended"):
        surveys.answer_survey(
            invitation, {"useful": "5"}, may_be_quoted=False, now=invitation.expires_at
        )
    assert client.get("/evaluation/follow-up/answer/nothing/").status_code == 404
    invitation.refresh_from_db()
    assert (invitation.answered_at, invitation.answers) == (None, {})


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one():
    _asked, invitation = invited()
    now = at(2024, 2, 2)

    results = all_at_once(
        *(
            lambda text=text: surveys.answer_survey(
                invitation, {"learned": text}, may_be_quoted=False, now=now
            )
            for text in ("one", "two")
        )
    )

    assert sorted(type(each).__name__ for each in results) == ["DomainError", "SurveyInvitation"]


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_ask_nobody_twice():
    PersonFactory.create_batch(3, exchange=PersonFactory().exchange)
    surveys.follow_up(at(2024, 1, 30))

    results = all_at_once(*[lambda: surveys.follow_up(at(2024, 2, 1))] * 2)

    assert sum(results) == 4
    assert OutgoingMail.objects.count() == 4


def _answered(**options):
    asked, invitation = invited()
    surveys.answer_survey(
        invitation,
        {"useful": "5", "learned": "Nets"},
        now=at(2024, 2, 2),
        **{"may_be_quoted": True, **options},
    )
    return asked, invitation


def test_a_long_answer_says_that_it_was_cut():
    asked, invitation = invited()
    answers = dict.fromkeys(("learned", "plan", "needs"), "a" * 2000)
    surveys.answer_survey(invitation, answers, may_be_quoted=True, now=at(2024, 2, 2))

    evidence = surveys.use_answer(
        invitation, title="Said", proves="test", is_confidential=False,
        by=person("editor", asked.exchange.hub),
    )  # fmt: skip

    assert (len(evidence.text), evidence.text[-1]) == (4_000, "…")


def test_an_answer_that_may_be_quoted_becomes_evidence_without_a_name():
    asked, invitation = _answered()
    editor = person("editor", asked.exchange.hub)
    words = {"title": "Answer", "proves": "test", "is_confidential": False, "by": editor}

    surveys.use_answer(invitation, **words)
    with pytest.raises(DomainError, match="This answer is evidence already"):
        surveys.use_answer(invitation, **words)

    evidence = Evidence.objects.get()
    assert (evidence.exchange, evidence.kind, evidence.proves) == (asked.exchange, "survey", "test")
    assert evidence.text == (
        "How useful was the exchange for your work?\nVery much\n\n"
        "What is the most useful thing that you learned?\nNets"
    )
    assert asked.name not in evidence.text


def test_an_answer_is_not_used_without_consent_or_right():
    asked, invitation = _answered(may_be_quoted=False)
    words = {"title": "Answer", "proves": "test", "is_confidential": False}

    with pytest.raises(DomainError, match="did not agree to be quoted"):
        surveys.use_answer(invitation, by=person("editor", asked.exchange.hub), **words)
    with pytest.raises(PermissionDenied):
        surveys.use_answer(invitation, by=person("correspondent", asked.exchange.hub), **words)

    assert not Evidence.objects.exists()


@pytest.mark.parametrize(("with_answers", "left"), [(False, 1), (True, 0)])
def test_a_person_is_forgotten_at_once(with_answers, left):
    asked, _invitation = _answered()

    surveys.forget_person(asked, with_answers=with_answers, by=person("editor", asked.exchange.hub))

    assert not FollowUpPerson.objects.exists()
    assert list(SurveyInvitation.objects.values_list("person", flat=True)) == [None] * left
    said = Activity.objects.get(verb="survey.person_forgotten")
    assert asked.name not in f"{said.object_label}{said.changes}"


def test_names_are_deleted_after_the_last_moment_and_answers_stay():
    _asked, invitation = _answered()
    last = at(2026, 1, 31)

    surveys.follow_up(last + surveys.KEPT_FOR)
    assert FollowUpPerson.objects.count() == 1
    surveys.follow_up(last + surveys.KEPT_FOR + DAY)

    assert not FollowUpPerson.objects.exists()
    invitation.refresh_from_db()
    assert invitation.answers == {"useful": "5", "learned": "Nets"}


def test_names_are_deleted_where_nobody_will_be_asked():
    now = timezone.now()
    old = now - surveys.WAITED_FOR - 2 * DAY
    options = {
        "cancelled": {"exchange__status": "cancelled", "exchange__cancel_reason": "No money"},
        "waits": {"exchange__status": "under-way"},
        "waited a year": {"exchange__status": "under-way", "added_at": old},
        "undated for a year": {"exchange__ends_on": None, "added_at": old},
        "completed": {"exchange__ends_on": now.date(), "added_at": old},
    }
    for name, columns in options.items():
        PersonFactory(name=name, **columns)

    surveys.follow_up(now)

    assert set(FollowUpPerson.objects.values_list("name", flat=True)) == {"waits", "completed"}


def test_a_person_is_added_once_by_the_hub_s_people():
    exchange = ExchangeFactory()
    editor = person("editor", exchange.hub)
    words = {"name": "Ana", "email": "Ana@Example.org", "language": "pt"}
    surveys.add_person(exchange, by=editor, **words)

    with pytest.raises(ValidationError):
        surveys.add_person(exchange, by=editor, **words)
    for role in ("correspondent", "stranger", "moderator"):
        with pytest.raises(PermissionDenied):
            surveys.add_person(exchange, by=someone(role, exchange.hub), **words)

    assert FollowUpPerson.objects.get().email == "ana@example.org"


def test_the_pages_of_the_follow_up_work_without_a_script():
    asked, invitation = _answered()
    party = PartyFactory(exchange=asked.exchange)
    editor = client_of(person("editor", asked.exchange.hub))
    page = f"/evaluation/follow-up/exchanges/{asked.exchange.slug}/"
    survey = invitation.survey.get_absolute_url()

    assert asked.name in editor.get(page).content.decode()
    answer = editor.post(
        f"{page}people/add/", {"name": "Bo", "email": "bo@example.org", "language": "en"}
    )
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert "Nets" in editor.get(survey).content.decode()
    used = {"title": "Said", "proves": "test"}
    url = f"/evaluation/follow-up/answers/{invitation.pk}/use/"
    assert editor.post(url, used)["Location"] == survey
    answer = editor.post(f"/evaluation/follow-up/people/{asked.pk}/forget/", {})
    assert answer["Location"] == page
    begun = editor.post(f"/evaluation/follow-up/parties/{party.pk}/plan/", {})
    plan = ActionPlan.objects.get()
    assert begun["Location"] == plan.get_absolute_url()
    added = editor.post(
        f"{plan.get_absolute_url()}add/", {"title": "Write the law", "due_on": "2024-06-01"}
    )
    assert added["Location"] == plan.get_absolute_url()
    item = ActionItem.objects.get()
    body = editor.get(plan.get_absolute_url()).content.decode()
    assert ("Write the law" in body, "Late" in body) == (True, True)
    point = f"/evaluation/follow-up/points/{item.pk}/"
    changed = {"title": "Write it", "due_on": "2024-07-01", "version": 1}
    assert editor.post(point, changed).status_code == 302
    assert editor.post(point, changed).status_code == 409
    assert editor.post(f"{point}done/", {"note": "Passed."}).status_code == 302
    item.refresh_from_db()
    assert (item.title, item.note, item.done_on is None) == ("Write it", "Passed.", False)
    assert editor.post(f"{point}reopen/", {}).status_code == 302
    item.refresh_from_db()
    assert item.done_on is None


@pytest.mark.parametrize("role", ["anonymous", "member", "stranger", "moderator"])
def test_others_find_no_follow_up(role):
    asked, invitation = _answered()
    item = ItemFactory(plan__party__exchange=asked.exchange)
    user = someone(role, asked.exchange.hub)
    client = client_of(user if user.is_authenticated else None)
    expected = 302 if role == "anonymous" else 404  # visitors sign in first

    for path in (
        f"exchanges/{asked.exchange.slug}/",
        f"people/{asked.pk}/forget/",
        f"surveys/{invitation.survey_id}/",
        f"answers/{invitation.pk}/use/",
        f"plans/{item.plan_id}/",
        f"plans/{item.plan_id}/add/",
        f"points/{item.pk}/",
        f"points/{item.pk}/done/",
    ):
        assert (path, client.get(f"/evaluation/follow-up/{path}").status_code) == (path, expected)


def test_who_signs_in_after_pressing_a_button_is_led_to_its_page():
    item = ItemFactory(plan__party__exchange=ExchangeFactory(), done_on=datetime.date(2024, 6, 1))
    exchange = item.plan.exchange
    buttons = {
        f"/evaluation/follow-up/parties/{item.plan.party_id}/plan/": (
            f"/evaluation/follow-up/exchanges/{exchange.slug}/"
        ),
        f"/evaluation/follow-up/points/{item.pk}/reopen/": item.get_absolute_url(),
    }
    editor = client_of(person("editor", exchange.hub))

    for button, page in buttons.items():
        asked = client_of(None).post(button)
        assert asked["Location"] == f"/accounts/login/?next={button}"
        assert editor.get(button)["Location"] == page
        assert editor.get(page).status_code == 200

    item.refresh_from_db()
    assert item.done_on is not None


@pytest.mark.parametrize("role", ROLES)
def test_the_follow_up_is_for_the_hubs_of_the_exchange_and_its_page_leads_there(role):
    party = PartyFactory()
    exchange = party.exchange
    page = f"/evaluation/follow-up/exchanges/{exchange.slug}/"

    for hub in (exchange.hub, party.hub):
        user = someone(role, hub)
        assert Exchange.objects.followable_by(user).exists() == (role in OWN)
        if role in ("anonymous", "correspondent"):
            client = client_of(user if user.is_authenticated else None)
            body = client.get(exchange.get_absolute_url()).content.decode()
            assert (page in body, client.get(page).status_code == 200) == (role in OWN,) * 2


def _seen_to(due_on, hub_role="correspondent"):
    party = PartyFactory()
    member = MembershipFactory(hub=party.hub, **{hub_role: True}).member
    return ItemFactory(plan__party=party, member=member, due_on=due_on), member


def test_a_point_is_reminded_of_once_before_and_once_when_it_is_late():
    _item, member = _seen_to(datetime.date(2024, 6, 10))

    counts = [plans.remind_of_actions(at(2024, 6, day)) for day in (2, 3, 3, 9, 10, 11, 11, 20)]

    assert counts == [0, 1, 0, 0, 0, 1, 0, 0]
    subjects = OutgoingMail.objects.order_by("pk").values_list("to", "subject")
    assert [to for to, _subject in subjects] == [member.email] * 2
    assert [subject.split(":")[0] for _to, subject in subjects] == ["Soon", "Late"]


def test_a_done_point_and_one_of_who_left_are_not_reminded_of():
    item, member = _seen_to(datetime.date(2024, 6, 10))
    plans.finish_item(item, note="", by=member)
    left, gone = _seen_to(datetime.date(2024, 6, 10))
    gone.memberships.all().delete()

    assert plans.remind_of_actions(at(2024, 6, 20)) == 0
    assert left.plan


def test_a_new_day_is_reminded_of_anew():
    item, _member = _seen_to(datetime.date(2024, 6, 10))
    plans.remind_of_actions(at(2024, 6, 5))
    plans.change_item(
        item,
        changes={"due_on": datetime.date(2024, 7, 10)},
        expected_version=1,
        by=person("editor", item.plan.party.hub),
    )

    assert plans.remind_of_actions(at(2024, 7, 5)) == 1
    with pytest.raises(StaleEdit):
        plans.change_item(
            item, changes={"title": "x"}, expected_version=1,
            by=person("editor", item.plan.party.hub),
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_remind_once():
    _seen_to(datetime.date(2024, 6, 10))

    results = all_at_once(*[lambda: plans.remind_of_actions(at(2024, 6, 5))] * 2)

    assert sorted(results) == [0, 1]


def test_who_sees_to_a_point_marks_it_as_done_and_others_do_not():
    item, member = _seen_to(datetime.date(2024, 6, 10))
    colleague = MembershipFactory(hub=item.plan.party.hub, correspondent=True).member
    with pytest.raises(PermissionDenied):
        plans.finish_item(item, note="", by=colleague)

    plans.finish_item(item, note="Done.", by=member)

    item.refresh_from_db()
    assert item.note == "Done."
    assert Activity.objects.get(verb="action.done").audience == "moderators"


def test_a_second_note_on_a_done_point_is_refused_and_not_lost():
    item, member = _seen_to(datetime.date(2024, 6, 10))
    editor = person("editor", item.plan.party.hub)
    plans.finish_item(item, note="Passed.", by=member)

    plans.finish_item(item, note="Passed.", by=member)
    with pytest.raises(DomainError, match="Your note was not saved"):
        plans.finish_item(item, note="Passed in May.", by=editor)
    page = f"/evaluation/follow-up/points/{item.pk}/done/"
    answer = client_of(editor).post(page, {"note": "Passed in May."})

    item.refresh_from_db()
    assert (item.note, item.version) == ("Passed.", 2)
    assert (answer.status_code, "Passed in May." in answer.content.decode()) == (200, True)


def test_a_party_has_one_plan_begun_by_its_own_people():
    party = PartyFactory()
    with pytest.raises(PermissionDenied):
        plans.begin_plan(party, by=MemberFactory(moderator=True))

    first = plans.begin_plan(party, by=person("editor", party.hub))
    second = plans.begin_plan(party, by=person("head", party.exchange.hub))

    assert first == second
    assert ActionPlan.objects.count() == 1


def test_the_nightly_commands_say_how_many_mails_are_owed():
    assert call_command("remind_of_actions") == "0"
    assert call_command("send_follow_ups") == "0"
