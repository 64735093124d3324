"""The smallest rows are valid, and the rights' conditions are SQL that the database takes."""

import pytest
from django.contrib.auth.models import AnonymousUser

from evaluation import models
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation import ExchangeFactory, PartyFactory, UpdateFactory

pytestmark = pytest.mark.django_db


def test_rights_can_be_asked_for_each_kind_of_reader() -> None:
    exchange = ExchangeFactory()
    PartyFactory(exchange=exchange)
    update = UpdateFactory(approved=True)

    for user in (AnonymousUser(), MemberFactory(), MemberFactory(moderator=True)):
        assert list(models.Exchange.objects.visible_to(user)) == [exchange]
        assert list(models.Update.objects.visible_to(user)) == [update]
        assert list(models.Update.objects.approvable_by(user)) == []
        assert list(models.Party.objects.confirmable_by(user)) == []
        assert list(models.Evidence.objects.visible_to(user)) == []
        assert list(models.Figure.objects.visible_to(user)) == []
        assert models.Framework.objects.editable_by(user).count() == 0
        assert models.Indicator.objects.visible_to(user).count() == 1
