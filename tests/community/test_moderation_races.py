"""Two moderators at once, an author who edits meanwhile, a report sent twice."""

import pytest

from accounts.models import OutgoingMail
from community.models import Claim, Decision, Flag, Post
from community.services import appeals, claims, posts
from community.services.deciding import decide
from community.services.flags import flag
from community.services.limits import MOST_POSTS
from community.services.undoing import undo
from core.errors import DomainError, StaleEdit
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.moderation import AppealFactory, FlagFactory
from tests.races import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def moderators():
    return [MemberFactory(moderator=True) for _each in "12"]


def refusals(results):
    return [each for each in results if isinstance(each, Exception)]


def test_of_two_who_decide_at_once_the_second_is_told_who_decided_what(moderators):
    post = FlagFactory().post

    results = all_at_once(
        lambda: decide("post", post, act="remove", reason="Rude.", by=moderators[0]),
        lambda: decide("post", post, act="dismiss", reason="Fine.", by=moderators[1]),
    )

    (refused,) = refusals(results)
    decision = Decision.objects.get()
    assert str(refused).startswith(f"{decision.moderator.name} has decided already")
    assert decision.reason in str(refused)
    assert Flag.objects.get().decision == decision
    assert OutgoingMail.objects.filter(to=post.author.email).count() == 1


def test_an_edit_and_a_decision_at_once_leave_one_of_two_true_ends(moderators):
    post = FlagFactory().post
    decide_now = {"act": "remove", "reason": "Rude.", "expected_version": 1, "by": moderators[0]}

    results = all_at_once(
        lambda: decide("post", post, **decide_now),
        lambda: posts.change_post(post, text="Milder.", expected_version=1, by=post.author),
    )

    (refused,) = refusals(results)
    post.refresh_from_db()
    if isinstance(refused, StaleEdit):
        assert (post.state, post.text) == ("shown", "Milder.")
        assert Flag.objects.get().state == "open"
    else:
        assert (post.state, post.version) == ("removed", 1)
        assert Flag.objects.get().state == "upheld"


def test_of_two_who_undo_at_once_one_does(moderators):
    post = FlagFactory().post
    decision = decide("post", post, act="remove", reason="Rude.", by=moderators[0])

    results = all_at_once(*(lambda each=each: undo(decision, by=each) for each in moderators))

    (refused,) = refusals(results)
    assert "taken this decision back already" in str(refused)
    post.refresh_from_db()
    assert post.state == "shown"


def test_two_administrators_who_suspend_each_other_do_not_wait_forever():
    one, two = (MemberFactory(administrator=True) for _each in "12")
    measure = {"act": "measure", "measure": "suspend", "reason": "You first."}

    results = all_at_once(
        lambda: decide("person", two, by=one, **measure),
        lambda: decide("person", one, by=two, **measure),
    )

    assert len(refusals(results)) == 1
    assert Decision.objects.count() == 1


def test_of_two_who_take_on_the_same_one_does(moderators):
    post = FlagFactory().post

    results = all_at_once(
        *(lambda each=each: claims.claim("post", post.pk, by=each) for each in moderators)
    )

    (refused,) = refusals(results)
    assert isinstance(refused, DomainError)
    assert Claim.objects.get().moderator.name in str(refused)


def test_the_same_report_sent_twice_is_one():
    post, member = make.PostFactory(), MemberFactory()

    results = all_at_once(
        *(lambda: flag("post", post, reason="spam", by=member) for _each in range(3))
    )

    assert refusals(results) == []
    assert Flag.objects.count() == 1


def test_of_two_who_decide_an_appeal_at_once_one_does(moderators):
    post = make.PostFactory(state="removed", removed_reason="Why.", removed_by=moderators[0])
    appeal = AppealFactory(
        decision__post=post,
        decision__reason="Why.",
        decision__before={"state": "shown", "accepted": False},
        decision__moderator=moderators[0],
    )
    others = [moderators[1], MemberFactory(moderator=True)]

    results = all_at_once(
        lambda: appeals.decide_appeal(appeal, is_granted=True, reason="Yes.", by=others[0]),
        lambda: appeals.decide_appeal(appeal, is_granted=False, reason="No.", by=others[1]),
    )

    (refused,) = refusals(results)
    assert "has decided on this appeal already" in str(refused)


def test_ten_posts_a_day_also_when_they_are_sent_at_once():
    member = MemberFactory()
    places = [make.ThreadFactory() for _each in range(4)]
    for _each in range(MOST_POSTS - 1):
        make.PostFactory(author=member, thread=places[0])

    results = all_at_once(
        *(lambda each=each: posts.write_post(each, text="One more.", by=member) for each in places)
    )

    assert len(refusals(results)) == 3
    assert Post.objects.filter(author=member).count() == MOST_POSTS
