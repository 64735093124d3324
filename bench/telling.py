"""Telling those who follow, and the mail of the day, for many members.

`python -m bench.inside telling MEMBERS` lets as many members follow one hub, tells them of
`ACTIVITIES` and makes the mail of the day; prints what it took as JSON.
"""

import datetime
import json
import sys

from django.db import connection
from django.utils import timezone

from accounts.models import Member, OutgoingMail
from accounts.services import new_activity, record_activities, send_digests
from bench.figures import timed
from community.models import Follow, Notification
from community.services.telling import tell_followers
from core.copying import copy_create
from hubs.models import Hub

ACTIVITIES = 20
LANGUAGES = ("en", "es", "fr", "pt-br", "id", "ar")
ZONES = ("UTC", "America/Sao_Paulo", "Africa/Maputo", "Asia/Jakarta", "Asia/Riyadh")


def main(arguments: list[str]) -> None:
    number = int(arguments[0])
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout TO 0")  # as workers have it
    hub = Hub.objects.create(
        name="Followed by many", slug="bench-followed", level="national", is_published=True
    )
    members = Member.objects.bulk_create(_member(each) for each in range(number))
    copy_create([Follow(member=member, hub=hub, level="watch") for member in members])
    record_activities(
        new_activity("hub.changed", hub, by=None, label=f"No. {each}") for each in range(ACTIVITIES)
    )
    told = timed(tell_followers)
    tomorrow = timezone.now() + datetime.timedelta(days=2)
    mailed = timed(lambda: send_digests(tomorrow))
    sys.stdout.write(
        json.dumps(
            {
                "told": told,
                "notices": Notification.objects.count(),
                "mailed": mailed,
                "mails": OutgoingMail.objects.filter(key__startswith="digest:").count(),
            }
        )
    )


def _member(number: int) -> Member:
    return Member(
        email=f"follower{number}@bench.example",
        name=f"Follower {number}",
        slug=f"bench-follower-{number}",
        status=Member.Status.ACTIVE,
        language=LANGUAGES[number % len(LANGUAGES)],
        time_zone=ZONES[number % len(ZONES)],
        mail_choices={"news": "daily"},
        password="!",  # noqa: S106 -- nobody can sign in
    )
