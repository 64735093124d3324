"""Add demonstration accounts of every role; refuses unless DEMO=1."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import Acceptance, LegalText, Member
from hubs.models import Hub, Membership, PillarScore, SelfAssessment
from hubs.registers import DEMO

DOMAIN = "demo.example"
PASSWORD = "demo-password"  # noqa: S105 -- known on purpose, and only with DEMO=1
# Address, name, platform role, status, (hub, role in it) if any.
PEOPLE = (
    ("admin", "Demo administrator", "administrator", "active", None),
    ("moderator", "Demo moderator", "moderator", "active", None),
    ("head.abc", "Demo head of ABC", "member", "active", ("abc-brazil", "head")),
    ("editor.embrapa", "Demo editor of EMBRAPA", "member", "active", ("embrapa", "editor")),
    ("me.cabri", "Demo focal point of CABRI", "member", "active", ("cabri", "me_focal_point")),
    ("correspondent.cabri", "Demo correspondent", "member", "active", ("cabri", "correspondent")),
    ("member", "Demo member", "member", "active", None),
    ("pending", "Demo newcomer", "member", "pending", None),
)
ASSESSED = "cabri"
SCORES = (
    ("leadership", 3, "Demonstration: a strategy names learning as a goal."),
    ("governance", 3, "Demonstration: a board meets four times a year."),
    ("funding", 2, ""),
    ("partnerships", 4, "Demonstration: agreements with nine partners."),
    ("capturing", 2, "Demonstration: case studies from each seminar."),
    ("packaging", 1, ""),
    ("sharing", 3, "Demonstration: a yearly seminar."),
    ("monitoring", 2, ""),
)


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: object, verbosity: int, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration accounts need DEMO=1, never on a real portal.")
        call_command("load_starter", verbosity=0)  # the hubs and texts that the accounts need
        added = self._load()
        for load in DEMO:
            load(DOMAIN)
        if verbosity:
            self.stdout.write(f"Demonstration accounts: {added} added, password {PASSWORD}.")

    @transaction.atomic
    def _load(self) -> int:
        added = sum(self._person(*person) for person in PEOPLE)
        if not added:
            return 0
        moderator = Member.objects.get(email=f"moderator@{DOMAIN}")
        for local, _name, _role, _status, place in PEOPLE:
            if place is not None:
                member = Member.objects.get(email=f"{local}@{DOMAIN}")
                self._membership(member, *place, moderator)
        asking = Member.objects.get(email=f"member@{DOMAIN}")
        self._membership(asking, "abc-brazil", "correspondent", None)
        self._assessment(Member.objects.get(email=f"me.cabri@{DOMAIN}"))
        return added

    def _person(
        self, local: str, name: str, role: str, status: str, place: tuple[str, str] | None
    ) -> int:
        email = f"{local}@{DOMAIN}"
        if Member.objects.filter(email=email).exists():
            return 0
        member = Member.objects.create_user(
            email,
            PASSWORD,
            name=name,
            slug=f"demo-{local.replace('.', '-')}",
            role=role,
            status=status,
        )
        EmailAddress.objects.create(user=member, email=email, verified=True, primary=True)
        texts = LegalText.objects.in_force()
        Acceptance.objects.bulk_create(Acceptance(member=member, text=text) for text in texts)
        return 1

    def _membership(
        self, member: Member, hub_slug: str, role: str, confirmed_by: Member | None
    ) -> None:
        hub = Hub.objects.filter(slug=hub_slug).first()
        if hub is None or Membership.objects.filter(member=member, hub=hub, role=role).exists():
            return
        Membership.objects.create(
            member=member,
            hub=hub,
            role=role,
            message="" if confirmed_by else "Demonstration: please let me in.",
            confirmed_at=timezone.now() if confirmed_by else None,
            confirmed_by=confirmed_by,
        )

    def _assessment(self, by: Member) -> None:
        hub = Hub.objects.filter(slug=ASSESSED).first()
        if hub is None or SelfAssessment.objects.filter(hub=hub).exists():
            return
        assessment = SelfAssessment.objects.create(
            hub=hub,
            note="Demonstration: made up, not the hub's own view.",
            consented_at=timezone.now(),
            consented_by=by,
        )
        PillarScore.objects.bulk_create(
            PillarScore(assessment=assessment, pillar=pillar, level=level, evidence=evidence)
            for pillar, level, evidence in SCORES
        )
