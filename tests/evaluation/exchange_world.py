"""An exchange between two hubs, and people who may or may not touch it."""

from evaluation.models import Attendance
from tests.factories import evaluation as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory


class TwoSides:
    """Agency (provider, tells it) and Ministry (seeker), with a step and ten expert days."""

    def __init__(self, **columns):
        self.agency = make_hubs.HubFactory(slug="agency", name="Agency", countries=["BR"])
        self.ministry = make_hubs.HubFactory(slug="ministry", name="Ministry", countries=["MZ"])
        self.exchange = make.ExchangeFactory(
            hub=self.agency,
            **({"slug": "cotton", "title": "Cotton together", "sectors": ["311"]} | columns),
        )
        self.provider = make.PartyFactory(exchange=self.exchange, hub=self.agency)
        self.seeker = make.PartyFactory(exchange=self.exchange, hub=self.ministry, side="seeker")
        self.step = make.StepFactory(exchange=self.exchange, title="Visit")
        self.contribution = make.ContributionFactory(party=self.provider)
        self.provider_person = make_hubs.MembershipFactory(hub=self.agency, head=True).member
        self.seeker_person = make_hubs.MembershipFactory(hub=self.ministry, head=True).member

    def attend(self, **people):
        return Attendance.objects.create(step=self.step, party=self.seeker, **people)

    def people(self):
        """Return one person a role, as the access tables name them."""
        return {
            "anonymous": None,
            "member": MemberFactory(),
            "stranger": make_hubs.MembershipFactory(head=True).member,
            "correspondent": make_hubs.MembershipFactory(
                hub=self.agency, correspondent=True
            ).member,
            "me_focal_point": make_hubs.MembershipFactory(
                hub=self.agency, me_focal_point=True
            ).member,
            "editor": make_hubs.MembershipFactory(hub=self.agency).member,
            "head": self.provider_person,
            "seeker": self.seeker_person,
            "moderator": MemberFactory(moderator=True),
        }
