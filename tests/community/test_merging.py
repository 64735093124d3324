"""Two accounts of one person made one: everything that names a member is decided upon."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Activity, Member, OutgoingMail
from community.merging import FATES, key_of, relations_to_members
from community.models import Post, PostMention, SpacePerson, Thread, UsefulMark
from community.services.mentions import note_mentions
from community.services.merging import merge_members, preview
from core.errors import DomainError
from hubs.models import Membership
from tests.api_clients import client_of
from tests.factories import community as make
from tests.factories.accounts import MemberFactory
from tests.factories.catalogue import DraftFactory, ExpertFactory
from tests.factories.evaluation_stories import StoryFactory
from tests.factories.hubs import MembershipFactory
from tests.factories.moderation import FlagFactory
from tests.races import all_at_once


def test_every_row_that_names_a_member_has_a_fate():
    found = {key_of(field) for field in relations_to_members()}

    assert found - set(FATES) == set(), "say in community/merging.py what becomes of these"
    assert set(FATES) - found == set(), "these are no more"


class People:
    def __init__(self):
        self.admin = MemberFactory(administrator=True)
        self.old = MemberFactory(name="Ana", slug="ana-old")
        self.new = MemberFactory(name="Ana Silva", slug="ana-new")


@pytest.fixture
def people(db):
    return People()


def merge(people):
    return merge_members(people.old, people.new, by=people.admin)


def test_what_they_wrote_and_hold_is_the_other_accounts(people):
    thread = make.ThreadFactory(author=people.old)
    post = thread.posts.get()
    role = MembershipFactory(member=people.old, head=True)
    shared = make.SpacePersonFactory(member=people.new)
    make.SpacePersonFactory(member=people.old, space=shared.space, moderator=True)
    alone = make.SpacePersonFactory(member=people.old, moderator=True)
    draft = DraftFactory(created_by=people.old)
    draft.authors.set([people.old, people.new])
    report = FlagFactory(member=people.old)
    twice = FlagFactory(member=people.old)
    FlagFactory(member=people.new, post=twice.post)
    told = {line.label: (line.moves, line.drops) for line in preview(people.old, people.new)}

    merge(people)

    post.refresh_from_db()
    thread.refresh_from_db()
    role.refresh_from_db()
    assert {post.author, thread.author, thread.last_author, role.member} == {people.new}
    people_of = SpacePerson.objects.filter(member=people.new)
    assert set(people_of.values_list("space", "role")) == {
        (shared.space.pk, "moderator"),
        (alone.space.pk, "moderator"),
    }
    assert not SpacePerson.objects.filter(member=people.old).exists()
    assert list(draft.authors.all()) == [people.new]
    report.refresh_from_db()
    assert report.member == people.new
    assert not type(report).objects.filter(pk=twice.pk).exists()
    assert told["reports: reported by"] == (1, 1)
    assert told["people of spaces: member"] == (1, 1)
    old = Member.objects.get(pk=people.old.pk)
    assert (old.status, old.name) == ("closed", "Former member")
    activity = Activity.objects.get(verb="member.merged")
    assert (activity.actor, activity.subject) == (people.admin, people.new)
    assert {"field": "posts", "old": None, "new": 1} in activity.changes
    assert OutgoingMail.objects.filter(to=people.new.email).count() == 1


def test_marks_and_mentions_follow_without_praise_of_oneself(people):
    mine = make.PostFactory(author=people.new, useful_count=2)
    theirs = make.PostFactory(useful_count=2, text="@ana-old said so", html="-")
    for post in (mine, theirs):
        for member in (people.old, MemberFactory()):
            UsefulMark.objects.create(post=post, member=member)
    UsefulMark.objects.create(post=theirs, member=people.new)
    note_mentions(theirs, {"ana-old": people.old})

    merge(people)

    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.useful_count, theirs.useful_count) == (1, 2)
    assert PostMention.objects.get().member == people.new
    assert '<a href="/community/members/ana-new/"' in theirs.html
    assert "@Ana Silva" in theirs.html


def test_every_refusal(people):
    member = MemberFactory()
    cases = [
        (PermissionDenied, people.old, people.new, MemberFactory(moderator=True)),
        (PermissionDenied, people.old, people.admin, people.admin),
        (DomainError, people.old, people.old, people.admin),
        (DomainError, MemberFactory(moderator=True), member, people.admin),
        (DomainError, member, MemberFactory(administrator=True), people.admin),
        (DomainError, MemberFactory(closed=True), member, people.admin),
        (DomainError, member, MemberFactory(closed=True), people.admin),
        (DomainError, MemberFactory(suspended=True), member, people.admin),
        (DomainError, member, MemberFactory(limited=True), people.admin),
        (DomainError, member, MemberFactory(pending=True), people.admin),
    ]
    for error, old, new, by in cases:
        with pytest.raises(error):
            merge_members(old, new, by=by)
    assert not Activity.objects.filter(verb="member.merged").exists()


def test_who_published_what_the_other_wrote_stays_two(people):
    story = StoryFactory(author=people.old)
    type(story).objects.filter(pk=story.pk).update(publisher=people.new)
    make.PostFactory(author=people.old)

    with pytest.raises(DomainError, match="decided on what the other wrote"):
        merge(people)

    assert Post.objects.filter(author=people.old).count() == 1
    assert Member.objects.get(pk=people.old.pk).status == "active"


def test_two_profiles_as_expert_become_one(people):
    ExpertFactory(own=True, member=people.old)
    kept = ExpertFactory(own=True, member=people.new)

    merge(people)

    assert list(type(kept).objects.filter(member__isnull=False)) == [kept]


def test_the_page_shows_what_would_move_and_then_does_it(people):
    make.ThreadFactory(author=people.old)
    MembershipFactory(member=people.old)
    client = client_of(people.admin)
    page = "/community/moderation/members/ana-old/merge/"

    shown = client.post(page, {"into": "ana-new"})
    assert b"posts: author" in shown.content
    assert Thread.objects.get().author == people.old
    for wrong in ("nobody", "ana-old", people.admin.slug):
        answer = client.post(page, {"into": wrong, "merge": "1"})
        assert answer.status_code in (200, 403), wrong
    answer = client.post(page, {"into": "ana-new", "merge": "1"})
    assert answer["Location"] == "/community/members/ana-new/"
    assert Membership.objects.get().member == people.new
    assert client_of(MemberFactory(moderator=True)).get(page).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_both_ways_at_once_do_not_wait_forever():
    people, other = People(), MemberFactory(administrator=True)
    make.ThreadFactory(author=people.old)

    results = all_at_once(
        lambda: merge_members(people.old, people.new, by=people.admin),
        lambda: merge_members(people.new, people.old, by=other),
    )

    assert sum(isinstance(each, DomainError) for each in results) == 1
    assert Member.objects.filter(status="closed").count() == 1
