"""Something of everything that moderators look at."""

from accounts.models import Activity
from accounts.services import suspend_member
from community.services.appeals import appeal_path
from tests.factories.accounts import MemberFactory
from tests.factories.community import PostFactory, SpaceFactory
from tests.factories.moderation import (
    AppealFactory,
    DecisionFactory,
    FlagFactory,
    WatchedWordFactory,
)


def moderation_things(moderator):
    """Return what the addresses of `tests.portal.moderation_tables` need, by name."""
    post = FlagFactory().post
    secret = FlagFactory(post=PostFactory(thread__space=SpaceFactory(closed=True))).post
    decision = DecisionFactory(post=PostFactory(), act="dismiss")
    appeal = AppealFactory()
    member = MemberFactory()
    suspend_member(member, by=moderator, reason="Cars.")
    activity = Activity.objects.get(subject=member)
    return {
        "post": {"kind": "post", "pk": post.pk},
        "secret post": {"kind": "post", "pk": secret.pk},
        "appeal": {"kind": "appeal", "pk": appeal.pk},
        "decision": {"pk": decision.pk},
        "secret decision": {"pk": DecisionFactory(post=secret).pk},
        "word": {"pk": WatchedWordFactory().pk},
        "author": {"slug": post.author.slug},
        "measure": {"token": appeal_path(member.pk, activity.pk).split("/")[-2]},
    }
