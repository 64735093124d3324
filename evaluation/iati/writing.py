"""An exchange as an `iati-activity`, its children in the order of the schema.

Source: IATI Standard 2.03, activity schema, code lists and rules. What is not stated is left out
or written by a code that says so; no share, date or amount is made up.
"""

from __future__ import annotations

import datetime
import mimetypes
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, tostring

from django.urls import reverse
from django.utils import timezone, translation

from catalogue.codelists import SDGS
from core import codes
from core.api.responses import iso
from core.dates import Precision, partial_isoformat, today
from evaluation.iati.elements import LANGUAGE, add, tell
from evaluation.iati.reading import Ready, Told, told_of
from evaluation.iati.results import add_results
from evaluation.models import EvidenceKind, ExchangeStatus, MoneyStage, Party, PartySide, Proves

VERSION = "2.03"
STATUS = {
    ExchangeStatus.PLANNED: "1",
    ExchangeStatus.AGREED: "1",
    ExchangeStatus.UNDER_WAY: "2",
    ExchangeStatus.COMPLETED: "4",
    ExchangeStatus.CANCELLED: "5",
}
ROLE = {
    PartySide.FUNDER: "1",
    PartySide.PROVIDER: "4",
    PartySide.SEEKER: "4",
    PartySide.FACILITATOR: "4",
}
ORGANISATION_TYPE = {
    "ministry": "10", "public-body": "15", "sub-national": "11", "multilateral": "40",
    "funder": "10", "foundation": "60", "company": "70", "academia": "80",
}  # fmt: skip
OUTGOING = {MoneyStage.PLEDGED: "12", MoneyStage.COMMITTED: "2", MoneyStage.SPENT: "4"}
# Of money that another party spent the hub received nothing: that party tells it.
INCOMING = {MoneyStage.PLEDGED: "13", MoneyStage.COMMITTED: "11"}
UNSPECIFIED_SECTOR = "998"
MULTISECTOR = "430"
UNSPECIFIED_REGION = "998"  # of the DAC list: developing countries, unspecified
M49, DAC_REGIONS = "2", "1"  # region vocabularies
CATEGORIES = "https://iatistandard.org/en/iati-standard/203/codelists/sectorcategory/"
CATEGORY = {Proves.EVALUATION: "A07", Proves.BUDGET: "A05", Proves.BEFORE_AFTER: "A08"}
OTHER_DOCUMENT = "A08"
WEB_PAGE = "A12"
GENERATED = "en"  # language of what is not people's own words


def file_portions(ready: Ready, *, root: str) -> Iterator[str]:
    """Give the activity file of a hub with nothing missing, an activity at a time."""
    now = iso(timezone.now().replace(microsecond=0))
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<iati-activities version="{VERSION}" generated-datetime="{now}">\n'
    for told in told_of(ready.exchanges):
        with translation.override(GENERATED):
            activity = activity_of(told, ready, root=root)
        yield tostring(activity, encoding="unicode") + "\n"
    yield "</iati-activities>\n"


def activity_of(told: Told, ready: Ready, *, root: str) -> Element:
    exchange, hub = told.exchange, ready.hub
    activity = Element(
        "iati-activity",
        {"last-updated-datetime": iso(exchange.updated_at), LANGUAGE: exchange.language},
    )
    add(activity, "iati-identifier").text = f"{hub.iati_identifier}-{exchange.slug}"
    reporter = add(activity, "reporting-org", ref=hub.iati_identifier, type=ready.organisation_type)
    tell(reporter, hub.name)
    tell(add(activity, "title"), exchange.title)
    parties = list(exchange.parties.all())
    _describe(activity, exchange, parties)
    _add_parties(activity, parties, ready)
    add(activity, "activity-status", code=STATUS[exchange.status])
    _add_dates(activity, exchange)
    _add_place(activity, parties)
    _add_subjects(activity, exchange)
    _add_money(activity, exchange, ready)
    _add_documents(activity, told, root)
    add_results(activity, told.measured)
    return activity


def _describe(activity: Element, exchange: Any, parties: list[Party]) -> None:
    if exchange.summary:
        tell(add(activity, "description", type="1"), exchange.summary)
    # The Standard's roles do not tell providers from seekers; words do.
    sides = "; ".join(f"{party.get_side_display()}: {party}" for party in parties)
    tell(add(activity, "description", type="4"), sides, GENERATED)


def _add_parties(activity: Element, parties: list[Party], ready: Ready) -> None:
    """Add each body once for each role that it has."""
    seen = set()
    for party in parties:
        key = ROLE[PartySide(party.side)], party.hub_id, party.organisation_id, party.country
        if key in seen:
            continue
        seen.add(key)
        body = add(activity, "participating-org", role=key[0], **_body(party, ready))
        tell(body, str(party))


def _body(party: Party, ready: Ready) -> dict[str, str]:
    if party.hub_id == ready.hub.pk:
        return {"ref": ready.hub.iati_identifier, "type": ready.organisation_type}
    if party.hub is not None:
        return {"ref": party.hub.iati_identifier}
    if party.organisation is not None:
        reference = party.organisation.iati_identifier.strip()
        is_fit = not set(reference) & set("/&|?")
        kind = ORGANISATION_TYPE.get(party.organisation.kind, "")
        return {"ref": reference if is_fit else "", "type": kind}
    return {}


def _add_dates(activity: Element, exchange: Any) -> None:
    """Add start and end: actual where the exchange got so far and the day is not to come."""
    has_begun = exchange.status in (ExchangeStatus.UNDER_WAY, ExchangeStatus.COMPLETED)
    is_over = exchange.status == ExchangeStatus.COMPLETED
    for name, planned, actual, is_actual in (
        ("starts_on", "1", "2", has_begun),
        ("ends_on", "3", "4", is_over),
    ):
        day: datetime.date | None = getattr(exchange, name)
        if day is None:
            continue
        kind = actual if is_actual and day <= today() else planned
        date = add(activity, "activity-date", type=kind, iso_date=day.isoformat())
        precision = getattr(exchange, f"{name}_precision")
        if precision != Precision.DAY:
            stated = partial_isoformat(day, precision)
            tell(date, f"Stated as {stated}; the day is not known.", GENERATED)


def _add_place(activity: Element, parties: list[Party]) -> None:
    """Add the seekers' one country; of several, for shares are not stated, the smallest region
    that holds them all.
    """
    countries = sorted(set(_countries(parties)))
    if len(countries) == 1:
        add(activity, "recipient-country", code=countries[0])
        return
    names = ", ".join(codes.country_name(code) for code in countries)
    if not countries:
        region = add(activity, "recipient-region", code=UNSPECIFIED_REGION, vocabulary=DAC_REGIONS)
        tell(region, "The countries of the seekers are not stated.", GENERATED)
        return
    shared = set.intersection(*(codes.regions_of([code]) for code in countries))
    add(activity, "activity-scope", code="3")
    if shared:
        smallest = min(shared, key=lambda code: (len(codes.countries_in(code)), code))
        region = add(activity, "recipient-region", code=smallest, vocabulary=M49)
    else:
        region = add(activity, "recipient-region", code=UNSPECIFIED_REGION, vocabulary=DAC_REGIONS)
    tell(region, f"{names}; shares are not stated.", GENERATED)


def _countries(parties: list[Party]) -> Iterator[str]:
    for party in parties:
        if party.side != PartySide.SEEKER:
            continue
        if party.hub is not None:
            yield from party.hub.countries
        elif party.organisation is not None and party.organisation.country:
            yield party.organisation.country
        elif party.country:
            yield party.country


def _add_subjects(activity: Element, exchange: Any) -> None:
    """Add one sector, and the goals; several sectors, for shares are not stated, as
    "multisector" with each of them as a tag.
    """
    sectors = list(exchange.sectors)
    code = sectors[0] if len(sectors) == 1 else MULTISECTOR if sectors else UNSPECIFIED_SECTOR
    sector = add(activity, "sector", vocabulary="2", code=code)
    if len(sectors) > 1:
        names = "; ".join(codes.sector_name(each) for each in sectors)
        tell(sector, f"{names}; shares are not stated.", GENERATED)
    for goal in exchange.sdgs:
        tell(add(activity, "tag", vocabulary="2", code=goal), str(SDGS[goal]), GENERATED)
    for each in sectors if len(sectors) > 1 else ():
        tag = add(activity, "tag", vocabulary="99", vocabulary_uri=CATEGORIES, code=each)
        tell(tag, codes.sector_name(each), GENERATED)


def _add_money(activity: Element, exchange: Any, ready: Ready) -> None:
    """Add dated money with its stage: the hub's own as outgoing, others' as incoming. What has
    no date or stage, or is still to come, is no transaction.
    """
    for given in exchange.money:
        is_own = given.party.hub_id == ready.hub.pk
        kind = (OUTGOING if is_own else INCOMING).get(given.stage)
        if kind is None or given.dated_on is None or given.dated_on > today():
            continue
        day = given.dated_on.isoformat()
        transaction = add(activity, "transaction")
        add(transaction, "transaction-type", code=kind)
        add(transaction, "transaction-date", iso_date=day)
        value = add(transaction, "value", currency=given.currency, value_date=day)
        value.text = format(given.amount, "f")
        if given.note:
            tell(add(transaction, "description"), given.note)
        tell(add(transaction, "provider-org", **_body(given.party, ready)), str(given.party))


def _add_documents(activity: Element, told: Told, root: str) -> None:
    """Add the exchange's own page, and every document that anybody may open."""
    page = f"{root}{told.exchange.get_absolute_url()}"
    link = add(activity, "document-link", format="text/html", url=page)
    tell(add(link, "title"), told.exchange.title)
    add(link, "category", code=WEB_PAGE)
    for document in told.documents:
        path = reverse("evaluation:evidence_file", args=[document.pk])
        url = f"{root}{path}" if document.file else document.address
        if not url:
            continue
        link = add(activity, "document-link", format=_format(document), url=url)
        tell(add(link, "title"), document.title)
        if document.text:
            tell(add(link, "description"), document.text)
        add(link, "category", code=CATEGORY.get(Proves(document.proves), OTHER_DOCUMENT))
        if document.dated_on:
            add(link, "document-date", iso_date=document.dated_on.isoformat())


def _format(document: Any) -> str:
    """Return the media type: that of the file; of an address what its ending says."""
    if document.file and document.content_type:
        return str(document.content_type)
    if document.kind == EvidenceKind.LINK:
        return "text/html"
    return mimetypes.guess_type(document.address)[0] or "application/octet-stream"
