"""What members wrote of exchanges is in their download; what waits for them is freed as they go."""

import datetime
import io
import json
import zipfile

import pytest

from accounts.services import close_account, export_own_data
from evaluation.models import Confirmation
from tests.factories.accounts import MemberFactory
from tests.factories.evaluation import ExchangeFactory, PartyFactory, UpdateFactory
from tests.factories.evaluation_stories import (
    ClaimFactory,
    EvidenceFactory,
    ItemFactory,
    StoryFactory,
)

pytestmark = pytest.mark.django_db


def download(member):
    with zipfile.ZipFile(io.BytesIO(export_own_data(member))) as archive:
        return json.loads(archive.read("my-data.json"))


def test_what_a_member_wrote_is_in_their_download_and_nothing_of_others():
    me, other = MemberFactory(), MemberFactory()
    for member in (me, other):
        exchange = ExchangeFactory(slug=f"visit-{member.pk}")
        begun = StoryFactory(exchange=exchange, author=member, title="Begun")
        ClaimFactory(story=begun, statement="They met.")
        StoryFactory(exchange=exchange, title="Worked on").writers.add(member)
        UpdateFactory(author=member, narrative="Begun")
        UpdateFactory(narrative="Worked on").writers.add(member)
        party = PartyFactory(exchange=exchange)
        Confirmation.objects.create(
            exchange=exchange, party=party, fact="title", value="A", state="confirmed", by=member
        )
        ItemFactory(member=member, title="Write the law")
        EvidenceFactory(exchange=exchange, added_by=member, title="The law")

    data = download(me)

    stories = data["impact_stories"]
    assert [(row["title"], row["exchange__slug"]) for row in stories] == [
        ("Begun", f"visit-{me.pk}"),
        ("Worked on", f"visit-{me.pk}"),
    ]
    assert stories[0]["statements"] == [
        {"rung": "connect", "statement": "They met.", "dated_on": None}
    ]
    assert [row["narrative"] for row in data["figures"]] == ["Begun", "Worked on"]
    assert [row["exchange__slug"] for row in data["confirmations"]] == [f"visit-{me.pk}"]
    assert [row["title"] for row in data["action_points"]] == ["Write the law"]
    assert [row["exchange__slug"] for row in data["evidence"]] == [f"visit-{me.pk}"]


def test_open_points_of_who_closes_their_account_wait_for_somebody_else():
    me = MemberFactory()
    waiting = ItemFactory(member=me)
    done = ItemFactory(member=me, done_on=datetime.date(2024, 6, 1))
    of_another = ItemFactory(member=MemberFactory())

    close_account(me, by=me)

    for item in (waiting, done, of_another):
        item.refresh_from_db()
    assert (waiting.member, waiting.version) == (None, 2)
    assert (done.member, of_another.member is None) == (me, False)
