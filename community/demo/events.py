"""Made-up events and enrolments of a demonstration portal."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Member
from community.models import Event
from community.services.enrolling import enrol
from community.services.events import begin_event, change_event, publish_event
from hubs.models import Hub

TRAINING, SEMINAR = "Demonstration: training on study visits", "Demonstration: budget seminar"


@transaction.atomic
def load_demo_events(addresses: str) -> None:
    """Add two events to come, with people in them; `addresses` is the domain of demo accounts. A
    second time adds nothing.
    """
    people = {each.email: each for each in Member.objects.filter(email__endswith=f"@{addresses}")}
    by = people.get(f"head.abc@{addresses}")
    hub = Hub.objects.filter(slug="abc-brazil").first()
    if by is None or hub is None or Event.objects.filter(title=TRAINING).exists():
        return
    small = _event(hub, by, TRAINING, days=20, capacity=2, policy="open")
    asked = _event(hub, by, SEMINAR, days=45, capacity=30, policy="approval")
    comers = [people[key] for key in sorted(people) if people[key].takes_part]
    for person in [each for each in comers if each.role == "member" and each.pk != by.pk][:4]:
        enrol(small, by=person)
        enrol(asked, message="Demonstration: I would like to come.", by=person)


def _event(hub: Hub, by: Member, title: str, *, days: int, capacity: int, policy: str) -> Event:
    start = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    start += datetime.timedelta(days=days)
    columns = {
        "title": title,
        "kind": "training" if policy == "open" else "seminar",
        "language": "en",
        "starts_at": start,
        "ends_at": start + datetime.timedelta(hours=5),
        "time_zone": "America/Sao_Paulo",
        "place": "Brasília",
        "country": "BR",
        "languages": ["en", "pt"],
        "interpretation": ["fr"],
    }
    event = begin_event(hub, columns=columns, by=by)
    changes = {
        "summary": "Made up, to show how events work here.",
        "capacity": capacity,
        "policy": policy,
        "is_online": True,
        "online_address": "https://meet.example.org/demonstration",
    }
    event = change_event(event, changes=changes, expected_version=event.version, by=by)
    return publish_event(event, expected_version=event.version, by=by)
