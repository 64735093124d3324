"""Addresses of many things at once, files in blocks of lines."""

from django.urls import reverse, set_script_prefix

from core.csv import BLOCK, stream_csv
from core.http import numbered


def test_a_numbered_address_is_what_reverse_says_wherever_the_portal_stands():
    try:
        for prefix in ("/", "/portal/"):
            set_script_prefix(prefix)
            for name in ("evaluation:figure_explain", "figure-detail"):
                assert numbered(name, 7) == reverse(name, args=[7])
    finally:
        set_script_prefix("/")


def test_a_file_begins_with_its_header_and_brings_lines_together():
    rows = [{"number": number, "text": "=1+1"} for number in range(BLOCK + 1)]

    blocks = list(stream_csv("table.csv", ["number", "text"], rows).streaming_content)

    assert [block.count(b"\n") for block in blocks] == [1, BLOCK, 1]
    assert blocks[0] == "\ufeffnumber,text\r\n".encode()
    assert b"".join(blocks[1:]).splitlines() == [
        b"%d,'=1+1" % number for number in range(BLOCK + 1)
    ]
