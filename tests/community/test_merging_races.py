"""Two accounts made one while moderators decide about them: both go on, one after the other."""

from functools import partial

import pytest

from community.models import Appeal, Decision
from community.services.appeals import appeal_measure
from community.services.deciding import decide
from community.services.merging import merge_members
from community.services.undoing import undo
from core.errors import DomainError
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.moderation import FlagFactory
from tests.races import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 25


def two_accounts():
    """Return two accounts of one person; the first wrote the post that is returned, which
    somebody else reported.
    """
    old, new = MemberFactory(), MemberFactory()
    post = make.PostFactory(author=old, thread__author=old)
    FlagFactory(post=post, member=MemberFactory())
    return old, new, post


def expected(results):
    """Check that both acts came to an end of their own: done, or refused in words."""
    assert len(results) == 2
    assert all(not isinstance(each, Exception) or isinstance(each, DomainError) for each in results)


def test_a_merge_and_a_measure_at_once_never_wait_for_each_other_in_vain():
    admin, moderator = MemberFactory(administrator=True), MemberFactory(moderator=True)
    for _round in range(ROUNDS):
        old, new, post = two_accounts()

        results = all_at_once(
            partial(merge_members, old, new, by=admin),
            partial(
                decide,
                *("post", post),
                act="remove",
                measure="suspend",
                reason="Rude.",
                by=moderator,
            ),
        )

        expected(results)
        decision = Decision.objects.get(post=post)
        post.refresh_from_db()
        assert (post.state, decision.member) == ("removed", post.author)
        post.author.refresh_from_db()
        assert post.author.status == "suspended"


def test_a_merge_of_who_reported_and_a_decision_at_once():
    admin, moderator = MemberFactory(administrator=True), MemberFactory(moderator=True)
    for _round in range(ROUNDS):
        old, new = MemberFactory(), MemberFactory()
        flag = FlagFactory(member=old)
        post = flag.post
        post.useful.create(member=old)
        act = partial(decide, "post", post, act="dismiss", reason="Fine.", by=moderator)

        results = all_at_once(partial(merge_members, old, new, by=admin), act)

        expected(results)
        flag.refresh_from_db()
        assert (flag.member, flag.state) == (new, "dismissed")


def test_an_undo_and_an_appeal_at_once():
    moderator = MemberFactory(moderator=True)
    for _round in range(ROUNDS):
        _old, _new, post = two_accounts()
        decision = decide("post", post, act="remove", measure="limit", reason="Rude.", by=moderator)

        results = all_at_once(
            partial(undo, decision, by=moderator),
            partial(appeal_measure, post.author, decision.sanction, text="It was not."),
        )

        expected(results)
        decision.refresh_from_db()
        assert decision.undone_at is not None or Appeal.objects.filter(decision=decision).exists()
