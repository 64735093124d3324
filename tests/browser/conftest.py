"""A real browser, Debian's Chromium, against a live server on the test's own database."""

import os
import re
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail

from accounts.services import load_legal_texts
from tests.factories.accounts import PASSWORD

CHROMIUM = shutil.which("chromium")
# Every direction, colour and width of a page in two looks at it; the wide one asks for all widths.
LOOKS = pytest.mark.parametrize(
    ("width", "language", "dark"),
    [
        pytest.param(320, "ar", True, id="narrow, Arabic, dark"),
        pytest.param(1280, "en", False, id="wide, English, light"),
    ],
)
WIDTHS = (1280, 768, 320)  # pixels
# Two pages of the browser's own behind its address line, which nobody sees here, cost more to
# open than a page of the portal. What follows them is Playwright's list, which this one replaces.
WITHOUT = ",".join(
    (
        *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
        *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose"),
        *("HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter"),
        *("PaintHolding", "ThirdPartyStoragePartitioning", "OptimizationHints", "AimEnabled"),
        *("AvoidCorsURLLoaderRestartOnRedirect", "NetworkTimeServiceQuerying"),
        "PreconnectToSearch",
    )
)
# Contrast is also judged where a pseudo-element lies behind a text; axe leaves that open, after
# looking for one at every box around every text, which takes most of its time.
AXE = f"""{Axe().axe_script};
axe.configure({{checks: [{{id: "color-contrast", options: {{ignorePseudo: true}}}}]}})"""
# No rule that is asked for reads style sheets, which would be fetched again.
LOOK = """axe.run({resultTypes: ["violations"], preload: false}).then(found => found.violations)"""
# Playwright's loop runs in this thread; the tests themselves are not asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            f"--disable-features={WITHOUT}",
        ],
    }


@pytest.fixture
def open_page(browser, live_server):
    """Return a function that opens a page in a browser of its own: `open_page("/hubs/")`.

    Options: `width`, `language`, `scripts=False`, `dark=True`. Whatever the browser complains
    of, a breach of the content security policy included, fails the test at its end.
    """
    contexts, complaints = [], []

    def note(message):
        # The browser also reports the 4xx answers that a test asks for.
        if message.type == "error" and "status of 4" not in message.text:
            complaints.append(message.text)

    def open_it(path="/", *, width=1280, language="en", scripts=True, dark=False):
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            locale=language,
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)  # milliseconds; the machine may be busy
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(path)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def texts(transactional_db):
    """The legal texts, which sign-up asks to accept."""
    load_legal_texts()


def follow(page, selector):
    """Click what leads to another page, and wait for that page.

    A click returns before the answer is there; what is looked at next might still be the old page.
    """
    with page.expect_navigation():
        page.click(selector)


def sign_in(page, member, path="/"):
    """Sign in through the page, as people do; pages are then in the member's language, which
    is the one they were read in before.
    """
    member.language = page.locator("html").get_attribute("lang")
    member.save(update_fields=["language"])
    page.goto(f"/accounts/login/?next={path}")
    page.fill("[name=login]", member.email)
    page.fill("[name=password]", PASSWORD)
    follow(page, "main form button[type=submit]")
    if "/accounts/accept/" in page.url:
        follow(page, "main form button[type=submit]")


def join(page, name, email):
    """Join by the page of newcomers and the link in the mail; what is first refused is told."""
    follow(page, "text=Join")
    follow(page, "main form button[type=submit]")
    assert page.title().startswith("Error:")
    page.fill("[name=name]", name)
    page.fill("[name=email]", email)
    page.fill("[name=password1]", "a-long-enough-password")
    page.check("[name=accept]")
    follow(page, "main form button[type=submit]")
    page.wait_for_url(re.compile("confirm-email"))
    sent = [each for each in mail.outbox if each.to == [email]]
    page.goto(re.search(r"http\S+/accounts/confirm-email/\S+/", sent[-1].body)[0])
    follow(page, "main form button[type=submit]")


def violations(page):
    """Return what axe finds wrong with a page, WCAG 2.2 AA and best practices."""
    page.evaluate(AXE)
    found = page.evaluate(LOOK)
    return [
        (each["id"], [re.sub(r"\s+", " ", node["html"])[:160] for node in each["nodes"][:3]])
        for each in found
    ]


def too_wide(page):
    """Return at which of the widths, from its own down, a page is wider than its window."""
    own = page.viewport_size
    found = []
    for width in (each for each in WIDTHS if each <= own["width"]):
        if width != own["width"]:
            page.set_viewport_size({**own, "width": width})
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"wider than a window of {width} px")
    page.set_viewport_size(own)
    return found


def faults(page):
    """Return what is wrong with a page: what axe finds, and where it is too wide."""
    return [*violations(page), *too_wide(page)]
