"""The smallest valid follows and notices."""

import factory
from factory.django import DjangoModelFactory

from accounts.services import record_activity
from community.models import Follow, Notification
from tests.factories.accounts import MemberFactory
from tests.factories.hubs import HubFactory


class FollowFactory(DjangoModelFactory):
    """Of a hub; name another thing with `hub=None`."""

    class Meta:
        model = Follow

    member = factory.SubFactory(MemberFactory)
    level = "watch"
    hub = factory.SubFactory(HubFactory)


class NotificationFactory(DjangoModelFactory):
    class Meta:
        model = Notification

    member = factory.SubFactory(MemberFactory)
    activity = factory.LazyAttribute(
        lambda row: record_activity("hub.changed", HubFactory(), by=None)
    )
    reason = "follows"
    waits_for_mail = False
