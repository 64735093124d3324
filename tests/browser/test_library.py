"""The library and the experts in a real browser: read, write, agree, narrow and in Arabic."""

import pytest
from playwright.sync_api import expect

from catalogue.models import ExpertLanguage
from tests.browser.conftest import LOOKS, faults, follow, sign_in
from tests.documents import PDF
from tests.factories import catalogue as make
from tests.factories import hubs as make_hubs
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hub(texts):
    hub = make_hubs.HubFactory(slug="agency", name="Agency")
    guide = make.ResourceFactory(
        slug="guide", title="The guide", hub=hub, year=2012, languages=["en", "es"],
        publisher="Press", authors="Ana Sol; Bo Li", note="A note.",
    )  # fmt: skip
    make.ResourceLinkFactory(resource=guide, language="es")
    make.ResourceLinkFactory(resource=guide, unreachable_since="2026-01-01T00:00:00Z")
    guide.entries.add(make.EntryFactory(hub=hub, slug="cotton", title="Cotton", published=True))
    guide.sources.add(make_hubs.SourceFactory())
    make.ResourceFactory(title="The communiqué", kind="communique")
    expert = make.ExpertFactory(
        slug="ana", name="Ana Sol", hub=hub, sectors=["311"], countries=["BR"], years=12,
        biography="Grew *cotton*.", contact="ana@example.org", consented=True,
    )  # fmt: skip
    ExpertLanguage.objects.create(expert=expert, language="pt", level="fluent")
    make.ExpertFactory(slug="bo", name="Bo Li", hub=hub)
    return hub


PUBLIC = (
    "/catalogue/resources/",
    "/catalogue/resources/?type=novel",
    "/catalogue/resources/guide/",
    "/catalogue/experts/",
    "/catalogue/experts/ana/",
)
OWN = (
    "/catalogue/resources/add/",
    "/catalogue/resources/guide/",
    "/catalogue/resources/guide/edit/",
    "/catalogue/resources/guide/copies/add/",
    "/catalogue/experts/mine/",
    "/catalogue/experts/add/",
    "/catalogue/experts/waiting/",
    "/catalogue/experts/bo/",
    "/catalogue/experts/bo/consent/",
)


@LOOKS
def test_axe_finds_nothing_in_library_and_experts(open_page, hub, width, language, dark):
    head = make_hubs.MembershipFactory(hub=hub, head=True).member
    page = open_page("/", width=width, language=language, dark=dark)
    found = {}

    def look(path):
        page.goto(path)
        found[path] = faults(page)

    for path in PUBLIC:
        look(path)
    sign_in(page, head, "/catalogue/resources/")
    assert page.locator("html").get_attribute("lang") == language
    for path in OWN:
        look(path)

    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_editor_adds_a_file_and_publishes(open_page, hub, scripts, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    page = open_page("/", scripts=scripts)
    sign_in(page, make_hubs.MembershipFactory(hub=hub).member, "/catalogue/resources/")

    follow(page, "text=Add a resource")
    page.fill("[name=title]", "A toolkit")
    page.select_option("[name=kind]", "toolkit")
    page.select_option("[name=hub]", label="Agency")
    follow(page, "main form button[type=submit]")
    follow(page, "text=Add a copy")
    file = {"name": "kit.pdf", "mimeType": "application/pdf", "buffer": b"<html>"}
    page.set_input_files("[name=file]", file)
    follow(page, "main form button[type=submit]")
    expect(page.locator("#id_file_error")).to_contain_text("kind its name says")
    page.set_input_files("[name=file]", file | {"buffer": PDF})
    follow(page, "main form button[type=submit]")
    follow(page, "main button:has-text('Publish')")

    expect(page.locator("body")).to_contain_text("Everybody may see the resource now.")
    with page.expect_download() as download:
        page.click("main a[download]")
    assert download.value.suggested_filename == "a-toolkit.pdf"


def test_a_member_writes_a_profile_and_a_head_agrees(open_page, hub):
    page = open_page("/")
    sign_in(page, MemberFactory(name="Cy Rivers"), "/catalogue/experts/mine/")
    page.fill("[name=headline]", "Soil")
    page.select_option("[name=hub]", label="Agency")
    page.select_option("[name=fluent]", "fr")
    follow(page, "main form button[type=submit]")
    expect(page.locator("main")).to_contain_text("the employer has not agreed")

    head = open_page("/")
    sign_in(head, make_hubs.MembershipFactory(hub=hub, head=True).member, "/catalogue/experts/")
    follow(head, "main .actions a:has-text('consent')")
    follow(head, "main a:has-text('Decide: Cy Rivers')")
    head.check("input[value=yes]")
    follow(head, "main form button[type=submit]")

    visitor = open_page("/catalogue/experts/")
    expect(visitor.locator("#results")).to_contain_text("Cy Rivers")
