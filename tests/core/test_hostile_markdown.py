"""People's Markdown: whatever they write, only the tags, attributes and addresses allowed."""

import sys

import pytest

from core.text import render_markdown
from tests.core import hostile

LENGTH = 20_000  # the longest text that an entry holds
CALLS_A_CHARACTER = 500  # and returns from them; what costs most makes about 390


@pytest.mark.parametrize("text", [pytest.param(text, id=n) for n, text in hostile.hostile_texts()])
def test_nothing_but_what_is_allowed_comes_through(text):
    assert hostile.wrong_in(render_markdown(text)) == []


def test_the_corpus_is_large_and_says_nothing_twice():
    assert len(set(hostile.CORPUS)) == len(hostile.CORPUS) >= 200


@pytest.mark.parametrize(
    "html",
    [
        "<script>x</script>",
        "<p onclick=x>x</p>",
        '<a href="javascript:x">x</a>',
        '<a href="//x">x</a>',
        '<a href="x">x</a>',
        '<a href="java\tscript:x">x</a>',
        '<img src="https://example.org">',
        "<p>x",
        "x</p>",
        "<!-- x -->",
        "<?x?>",
        "<p>\x00</p>",
    ],
)
def test_the_check_itself_finds_what_is_wrong(html):
    assert hostile.wrong_in(html)


def test_links_tell_search_engines_and_sites_nothing():
    html = render_markdown("[x](https://example.org) https://example.net a@example.org")

    assert html.count('rel="nofollow ugc noopener"') == html.count("<a ") == 3


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "a < b & c > d", "\"quoted\" & 'so'"]
)
def test_what_is_no_markdown_is_shown_as_written(text):
    assert hostile.seen_in(render_markdown(text)).strip() == text


def test_markdown_itself_still_works():
    html = render_markdown("## A\n\n- **b** [c](https://example.org)\n\n| d |\n|---|\n| e |")

    assert all(f"<{tag}>" in html for tag in ("h2", "li", "strong", "table", "td"))
    assert 'href="https://example.org"' in html


@pytest.mark.parametrize("address", ["/hubs/", "#lessons", "mailto:a@example.org"])
def test_pages_of_the_portal_and_places_can_be_linked(address):
    assert f'href="{address}"' in render_markdown(f"[x]({address})")


@pytest.mark.parametrize("address", ["//evil.example", "/\\\\evil.example", "x.html", "?delete=1"])
def test_of_links_that_lead_astray_the_words_remain(address):
    html = render_markdown(f"[words]({address})")

    assert "href" not in html
    assert "words" in html


def work_of(text):
    """Return how many functions rendering a text calls, which does not hang on the machine, and
    what it gives.
    """
    count = 0

    def note(_frame, _event, _arg):
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        html = render_markdown(text)
    finally:
        sys.setprofile(before)
    return count, html


@pytest.mark.parametrize("piece", hostile.LONG.values(), ids=list(hostile.LONG))
def test_long_texts_are_harmless_and_cost_no_more_than_their_length(piece):
    quarter, _html = work_of((piece * LENGTH)[: LENGTH // 4])
    whole, html = work_of((piece * LENGTH)[:LENGTH])

    assert hostile.wrong_in(html) == []
    assert whole < CALLS_A_CHARACTER * LENGTH
    assert whole < 5 * quarter + 1_000
