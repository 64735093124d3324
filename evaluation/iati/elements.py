"""Elements of an IATI file: a tag, what it says, in which language."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# Characters that XML 1.0 has no place for (XML 1.0, production 2).
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fit(text: str) -> str:
    """Return the text without characters that XML has no place for."""
    return _UNFIT.sub("", text)


def add(parent: Element, tag: str, **attributes: str) -> Element:
    """Add an element; attributes by their names with "_" for "-", empty ones left out."""
    kept = {
        name.strip("_").replace("_", "-"): fit(value) for name, value in attributes.items() if value
    }
    return SubElement(parent, tag, kept)


def tell(parent: Element, text: str, language: str = "") -> Element:
    """Add a narrative; without `language` it is in that of the activity."""
    narrative = SubElement(parent, "narrative", {LANGUAGE: language} if language else {})
    narrative.text = fit(text)
    return parent
