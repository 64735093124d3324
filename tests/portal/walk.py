"""A portal with something of everything, and a walk through it as any role."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import (
    Acceptance,
    ContactMessage,
    LegalText,
    MailAddress,
    Member,
    OutgoingMail,
)
from accounts.services import record_activity
from catalogue.services import save_search
from community.models import FanOut
from evaluation.models import Drift, LockException, Recalculation, UpdateUpload
from hubs.models import StarterRow
from tests.api_clients import client_of
from tests.factories import hubs as make
from tests.factories.accounts import MemberFactory
from tests.factories.articles import articles_of
from tests.factories.catalogue import (
    AdoptionFactory,
    BlockUseFactory,
    BuildingBlockFactory,
    DraftFactory,
    EntryFactory,
    ExpertFactory,
    ImportFactory,
    ResourceFactory,
    ResourceLinkFactory,
    TagFactory,
)
from tests.factories.evaluation import FigureFactory, PeriodFactory, ValuationMethodFactory
from tests.factories.events import events_of
from tests.portal.announcement_things import announcement_things
from tests.portal.moderation_world import moderation_things
from tests.portal.talk_things import talk_things

ROLES = (
    "anonymous",
    "suspended",  # an editor of the hub, shut out
    "pending",
    "member",
    "stranger",  # heads another hub: the one who could leak
    "correspondent",
    "me_focal_point",
    "editor",
    "head",
    "moderator",
    "administrator",
)
KINDS = (
    "statements",
    "institutional-arrangements",
    "coordination-links",
    "expertise-sources",
    "funding-streams",
    "monitoring-practices",
    "presences",
)
DAY = datetime.date(2026, 1, 1)


class World:
    """A published hub, a hidden one and another's; `become` somebody to look at them."""

    client: Client
    mark: str  # to which what a request did is undone

    def __init__(self) -> None:
        self.hub = make.HubFactory(slug="agency")
        self.hidden = make.HubFactory(slug="hidden", unpublished=True)
        self.other = make.HubFactory(slug="other")
        self.facts = {}
        for kind, factory in zip(KINDS, make.FACT_FACTORIES, strict=True):
            source = make.SourceFactory()
            self.facts[kind] = {
                "published": factory(hub=self.hub, sources=[source]),
                "draft": factory(hub=self.hub, sources=[source], draft=True),
                "hidden": factory(hub=self.hidden, sources=[source]),
                "foreign": factory(hub=self.other, sources=[source]),
            }
        self.entries = {
            "entry": EntryFactory(hub=self.hub, published=True),
            "draft entry": EntryFactory(hub=self.hub),
            "entry of a hidden hub": EntryFactory(hub=self.hidden, published=True),
        }
        self.drafts = {
            "text": DraftFactory(hub=self.hub, bare=True),
            "sent text": DraftFactory(hub=self.hub, submitted=True),
            "foreign text": DraftFactory(hub=self.other, bare=True),
        }
        self.resources = {
            "resource": ResourceFactory(hub=self.hub),
            "draft resource": ResourceFactory(hub=self.hub, is_published=False),
            "resource of a hidden hub": ResourceFactory(hub=self.hidden),
            "resource of the portal": ResourceFactory(),
        }
        self.experts = {
            "expert": ExpertFactory(hub=self.hub, consented=True),
            "waiting expert": ExpertFactory(hub=self.hub),
            "expert of a hidden hub": ExpertFactory(hub=self.hidden, consented=True),
        }
        for resource in self.resources.values():
            ResourceLinkFactory(resource=resource)
        self.blocks = {
            "block": BuildingBlockFactory(hub=self.hub),
            "draft block": BuildingBlockFactory(hub=self.hub, is_published=False),
            "block of a hidden hub": BuildingBlockFactory(hub=self.hidden),
        }
        BlockUseFactory(block=self.blocks["block"], entry=self.entries["entry"])
        self.tags = {
            "tag": TagFactory(name="Soil"),
            "tag of a hidden hub": TagFactory(name="Secret", is_listed=False),
        }
        EntryFactory(hub=self.hidden, tags=["secret"], published=True)
        self.adoptions = {
            "adoption": AdoptionFactory(entry=self.entries["entry"], hub=self.other),
            "adoption by a hidden hub": AdoptionFactory(entry__hub=self.other, hub=self.hidden),
        }
        self.imports = {"another's import": ImportFactory(hub=self.hub)}
        self.talk = talk_things(self.hub)
        self.organisation = make.OrganisationFactory()
        self.network = make.NetworkMembershipFactory(hub=self.hub).network
        self.assessment = make.SelfAssessmentFactory(hub=self.hub)
        make.SelfAssessmentFactory(hub=self.other, consented=True)
        self.asked = make.MembershipFactory(hub=self.hub, awaiting=True)
        self.elsewhere = make.MembershipFactory(hub=self.other, awaiting=True)
        self.waiting = MemberFactory(pending=True)
        self.someone = MemberFactory()
        self.saved_search = save_search(
            name="Cotton", place="search", query="q=cotton", alert="daily", by=self.someone
        )
        self.events = events_of(self)
        self.articles = articles_of(self)
        self.colleague = MemberFactory(moderator=True)
        self.message = ContactMessage.objects.create(kind="issue", text="A mistake.")
        self.text = self._text()
        self.draft_text = LegalText.objects.create(kind="terms", version=90, effective_on=DAY)
        Acceptance.objects.create(member=self.someone, text=self.text)
        record_activity("message.received", self.message, by=None)
        OutgoingMail.objects.create(key="k", to="a@example.org", subject="s", body="b")
        MailAddress.objects.create(address="a@example.org")
        FanOut.objects.get_or_create(activity=record_activity("hub.changed", self.hub, by=None))
        figure = FigureFactory()
        Drift.objects.create(figure=figure, stored="1", computed="2")
        Recalculation.objects.create(indicator=figure.indicator)
        UpdateUpload.objects.create(
            member=self.someone, framework=figure.indicator.result.framework
        )
        ValuationMethodFactory()
        self.announced = announcement_things(self.hub)
        self.moderated = moderation_things(self.colleague)
        LockException.objects.create(
            period=PeriodFactory(framework=figure.indicator.result.framework),
            until=timezone.now(),
            reason="Late.",
            by=self.colleague,
        )
        StarterRow.objects.create(key="k", model="hubs.hub", object_pk=self.hub.pk, digest="0")

    def become(self, role: str) -> World:
        """Ask as somebody of `role` from now on."""
        # The walks take their time, and mail that waits for minutes means that no worker runs.
        OutgoingMail.objects.filter(sent_at=None).update(created_at=timezone.now())
        self.client = client_of(self._member(role), raise_request_exception=False)
        self.mark = transaction.savepoint()
        return self

    @staticmethod
    def _text() -> LegalText:
        texts = [
            LegalText.objects.get_or_create(
                kind=kind, version=1, defaults={"is_published": True, "effective_on": DAY}
            )[0]
            for kind in LegalText.Kind.values
        ]
        return texts[0]

    def _member(self, role: str) -> Member | None:
        if role == "anonymous":
            return None
        if role == "stranger":
            return make.MembershipFactory(hub=self.other, head=True).member
        if role in ("member", "pending", "moderator", "administrator"):
            return MemberFactory(**({} if role == "member" else {role: True}))
        place = {role: True} if role in ("head", "correspondent", "me_focal_point") else {}
        member = make.MembershipFactory(hub=self.hub, **place).member
        make.MembershipFactory(hub=self.hidden, member=member, **place)
        if role == "suspended":
            member.status = Member.Status.SUSPENDED
            member.save()
        return member

    def ask(self, method: str, url: str) -> tuple[object, HttpResponse]:
        """Return what an empty request is answered with, and undo all its effects.

        Being sent to the sign-in page is "sign in", anything else its status.
        """
        cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}
        sent = {"content_type": "application/json"} if _is_write(method, url) else {}
        response = getattr(self.client, method.lower())(url, {}, **sent)
        transaction.savepoint_rollback(self.mark)
        self.client.cookies.clear()
        self.client.cookies.load(cookies)
        where = response.headers.get("Location", "")
        if where.startswith("/admin/login/"):  # the admin's door leads to the portal's, or shuts
            return self.ask("GET", where)
        is_sign_in = where.startswith("/accounts/login/")
        return "sign in" if is_sign_in else response.status_code, response


def routes() -> Iterator[str]:
    """Yield the name of every route; of one without a name, its pattern."""
    yield from _routes(get_resolver(), "", "")


def _routes(resolver: URLResolver, space: str, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        path = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}" if pattern.name else path
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _routes(pattern, inner, path)


def _is_write(method: str, url: str) -> bool:
    return url.startswith("/api/") and method != "GET"
