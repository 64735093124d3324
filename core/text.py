"""What people write: Markdown made harmless."""

import re
from functools import cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip

# Other sites by their full address, pages of this portal from its root, and places on the page.
# `//host` is neither: it looks like a page of this portal and leads away.
_ADDRESS = re.compile(
    r"(?:https?://[^/\\]|mailto:|/(?!/|\\|%5c|%2f)|#)[^\x00-\x20]*\Z", re.IGNORECASE
)


def _allowed(tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute, or None where it is an address that leads astray."""
    return value if name != "href" or _ADDRESS.match(value) else None


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": True}).enable(["linkify", "table"])


def render_markdown(text: str) -> SafeString:
    """Return `text` as HTML with an allow-list of tags: no raw HTML, no images, no scripts.

    Links lead to full addresses (http, https, mailto), to this portal's own paths or to a place
    on the page; of any other link the words remain.
    """
    html = nh3.clean(
        _parser().render(text),
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        attribute_filter=_allowed,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(html)  # noqa: S308 -- cleaned by nh3 on the line above
