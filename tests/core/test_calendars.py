"""Calendar files say what RFC 5545 asks for, whatever people write."""

import datetime

from core.calendars import CalendarEvent, calendar_file

NOON = datetime.datetime(2026, 7, 10, 12, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=7)))


def one(**changed):
    given = {
        "uid": "5f7d",
        "sequence": 3,
        "changed_at": NOON,
        "starts": NOON,
        "ends": NOON + datetime.timedelta(hours=2),
        "title": "Soil",
        "url": "https://portal.example/e/",
    }
    return calendar_file("Mine", [CalendarEvent(**given | changed)], product="Portal")


def unfolded(text):
    return text.replace("\r\n ", "").split("\r\n")


def test_a_timed_event_is_told_in_utc():
    lines = unfolded(one())

    assert lines[:5] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Portal//Portal//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    for line in (
        "UID:5f7d",
        "SEQUENCE:3",
        "DTSTAMP:20260710T053000Z",
        "DTSTART:20260710T053000Z",
        "DTEND:20260710T073000Z",
        "SUMMARY:Soil",
        "URL:https://portal.example/e/",
        "STATUS:CONFIRMED",
    ):
        assert lines.count(line) == 1, line
    assert lines[-2:] == ["END:VCALENDAR", ""]


def test_whole_days_are_dates_and_what_is_cancelled_says_so():
    days = {"starts": datetime.date(2026, 7, 10), "ends": datetime.date(2026, 7, 13)}
    lines = unfolded(one(**days, is_cancelled=True))

    assert "DTSTART;VALUE=DATE:20260710" in lines
    assert "DTEND;VALUE=DATE:20260713" in lines
    assert "STATUS:CANCELLED" in lines
    assert "TRANSP:TRANSPARENT" in lines


def test_texts_end_no_line_and_begin_no_property():
    hostile = "A, b; c\\d\r\nEND:VEVENT\nATTACH:x\x00\x0b"
    lines = unfolded(one(title=hostile, description=hostile, location=hostile))

    assert "SUMMARY:A\\, b\\; c\\\\d\\nEND:VEVENT\\nATTACH:x" in lines
    assert lines.count("END:VEVENT") == 1
    assert not [line for line in lines if line.startswith("ATTACH")]


def test_long_lines_are_folded_between_characters():
    title = "حفظ التربة والمياه " * 20
    text = one(title=title)

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert f"SUMMARY:{title}" in unfolded(text)
    assert text.encode().decode() == text
