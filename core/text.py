"""What people write: Markdown made harmless."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

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
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True})
    parser.enable(["linkify", "table"])
    parser.core.ruler.after("linkify", "people", _link_people)
    return parser


# "@ana-silva", but not the middle of an e-mail address.
_HANDLE = re.compile(
    r"(?<![\w@/.-])@([a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?)(?![\w@])", re.IGNORECASE
)
People = Mapping[str, tuple[str, str]]  # handle -> name and path of the page


def _link_people(state: Any) -> None:
    """Note the handles in `state`, and make links of those that its "people" know."""
    if "handles" not in state.env:
        return
    for block in state.tokens:
        if block.type != "inline":
            continue
        children: list[Token] = []
        depth = 0
        for token in block.children:
            depth += token.nesting if token.type in ("link_open", "link_close") else 0
            is_plain = token.type == "text" and not depth
            children += _split(token, state.env) if is_plain else [token]
        block.children = children


def _split(token: Token, env: Any) -> Iterator[Token]:
    position, text = 0, token.content
    for match in _HANDLE.finditer(text):
        handle = match[1].lower()
        env["handles"].append(handle)
        if handle not in env["people"]:
            continue
        name, path = env["people"][handle]
        yield Token("text", "", 0, content=text[position : match.start()])
        yield Token("link_open", "a", 1, attrs={"href": path})
        yield Token("text", "", 0, content=f"@{name}")
        yield Token("link_close", "a", -1)
        position = match.end()
    yield Token("text", "", 0, content=text[position:])


def handles_in(text: str) -> list[str]:
    """Return whom `text` names with "@", each once, as written but for the case."""
    env: dict[str, Any] = {"handles": [], "people": {}}
    _parser().parse(text, env)
    return list(dict.fromkeys(env["handles"]))


def render_markdown(text: str, *, people: People | None = None) -> SafeString:
    """Return `text` as HTML with an allow-list of tags: no raw HTML, no images, no scripts.

    Links lead to full addresses (http, https, mailto), to this portal's own paths or to a place
    on the page; of any other link the words remain. "@" and a handle of `people` is a link to
    them by name.
    """
    env: dict[str, Any] = {"handles": [], "people": people} if people else {}
    return harmless(_parser().render(text, env))


def harmless(html: str) -> SafeString:
    """Return HTML with what `render_markdown` lets through and nothing else: also for what it
    made once and was kept, which is believed no more than any other text.
    """
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href", "title"}},
        attribute_filter=_allowed,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(clean)  # noqa: S308 -- cleaned by nh3 on the line above
