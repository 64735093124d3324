"""What is read of mail: the writer's own words, machines, and anything that anybody can send."""

import pytest

from core.incoming_mail import CUT, answer_in, read_mail

QUOTES = [
    "On Mon, 2 Nov 2026 at 10:00, Portal <reply@portal.example> wrote:",
    "On Mon, 2 Nov 2026 at 10:00, Portal\n<reply@portal.example> wrote:",
    "El lun, 2 nov 2026 a las 10:00, Portal (<r@portal.example>) escribió:",
    "Le lun. 2 nov. 2026 à 10:00, Portal <r@portal.example> a écrit :",
    "Em seg., 2 de nov. de 2026 às 10:00, Portal <r@portal.example> escreveu:",
    "Pada Sen, 2 Nov 2026 pukul 10.00 Portal <r@portal.example> menulis:",
    "في الاثنين، 2 نوفمبر 2026 كتب Portal <r@portal.example>:",
    "-----Original Message-----",
    "________________________________",
    "From: Portal <reply@portal.example>\nSent: Monday, 2 November 2026\nTo: Ana",
    "De: Portal <reply@portal.example>\nEnviado: lunes",
    f"{CUT} Answer this mail, above this line. {CUT}",
    "> What you asked",
    "-- \nAna Silva\nMinistry",
]


@pytest.mark.parametrize("quote", QUOTES)
def test_only_what_somebody_wrote_is_taken(quote):
    text = f"We count *days*.\n\nOn one list.\n\n{quote}\n> What you asked\nand more"

    assert answer_in(text) == "We count *days*.\n\nOn one list."


def test_an_answer_below_the_quote_is_found():
    text = "On Monday 2 November, Portal wrote:\n> What do you\n> count?\n\nDays.\n-- \nAna"

    assert answer_in(text) == "Days."
    assert answer_in("> Only a quote") == ""
    assert answer_in("") == ""
    assert answer_in("On the whole it worked.\nFrom here we go on: see.") == (
        "On the whole it worked.\nFrom here we go on: see."
    )


def mail(body=b"Hello.", **headers):
    given = {"From": "Ana <Ana@Example.org>", "To": "r@portal.example"} | headers
    lines = [
        f"{name.replace('_', '-')}: {value}".encode() for name, value in given.items() if value
    ]
    return b"\r\n".join([*lines, b"", body])


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<list.example>"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
        {"X_Loop": "portal"},
        {"From": "MAILER-DAEMON@example.org"},
        {"From": "noreply@example.org"},
        {"From": ""},
        {"Content_Type": "multipart/report; boundary=x"},
    ],
)
def test_machines_are_told_from_people(headers):
    assert read_mail(mail(**headers)).is_automatic


def test_people_are_not_taken_for_machines():
    read = read_mail(mail(Auto_Submitted="no", Subject="=?utf-8?q?Ol=C3=A1?=\r\n x"))

    assert not read.is_automatic
    assert (read.sender, read.subject, read.text) == ("ana@example.org", "Olá x", "Hello.")


def test_html_is_read_as_people_see_it():
    body = (
        b"<html><head><style>p{}</style></head><body><p>We count <b>days</b>.</p><script>x</script>"
        b"<div>Two &amp; two</div><blockquote>What you asked</blockquote></body></html>"
    )

    assert read_mail(mail(body, Content_Type="text/html")).text == "We count days.\n\nTwo & two"


def part(kind, body, encoding="7bit"):
    return f"--x\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n"


NESTED = b"".join(
    f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n".encode() for n in range(400)
)
ODD = [
    b"",
    b"\x00",
    b"\r\n\r\n",
    b"\xff\xfe\xfd" * 100,
    b"From",
    b"From:",
    b"From: \xff\xfe\r\n\r\nx",
    b": no name\r\n\r\nx",
    b"no colon here\r\nTo: a@b\r\n\r\nx",
    b"From: a@b\r\n folded\r\n\r\n \r\n",
    NESTED,
    NESTED * 3,
    *(
        mail(**{name: value})
        for name in ("From", "To", "Subject", "Message_ID")
        for value in (
            "=?utf-8?b?!!!?=",
            "=?nope?q?=ff?=",
            "=?utf-8?q?" + "=FF" * 200 + "?=",
            "=?utf-8?b?" + "A" * 997 + "?=",
            '"' * 500 + "@",
            "<" * 300,
            "a@b," * 500,
            "\x00\x01",
            "(" * 500,
        )
    ),
    *(
        mail(
            b"=FF=Zx", Content_Type=f"text/plain; charset={charset}", Content_Transfer_Encoding=how
        )
        for charset in ("nope", "utf-7", '"', "utf-16", "x" * 300, "idna", "\x00")
        for how in ("quoted-printable", "base64", "uuencode", "nope")
    ),
    mail(b"--x", Content_Type="multipart/mixed; boundary=x"),
    mail(b"--x--", Content_Type="multipart/mixed; boundary=x"),
    mail(b"x", Content_Type="multipart/mixed"),
    mail(b"x", Content_Type='multipart/mixed; boundary=""'),
    mail(b"x", Content_Type="message/rfc822"),
    mail(b"x", Content_Type="////"),
    mail(b"x", Content_Type="text/plain; charset*=utf-8''%FF%FE"),
    mail(b"x", Content_Disposition="attachment; filename*0*=nope''%FF"),
    mail(b"A" * 300_000),
    mail(b"\n" * 100_000),
    mail(b">" * 100_000),
    mail(b"On " * 50_000),
    mail(b"<" * 50_000, Content_Type="text/html"),
    mail(b"<![" + b"x" * 5_000, Content_Type="text/html"),
    mail(b"<!" * 5_000, Content_Type="text/html"),
    mail(b"&#xFFFFFFFFF;&#0;&bogus;" * 50, Content_Type="text/html"),
    mail(
        (part("text/plain", "!!!", "base64") + part("text/html", "<p")).encode(),
        Content_Type="multipart/alternative; boundary=x",
    ),
    mail(b"=" * 10_000, Content_Transfer_Encoding="quoted-printable"),
    mail(b"begin 644 x\n" + b"M" * 500, Content_Transfer_Encoding="x-uuencode"),
]


def test_nothing_that_is_sent_makes_it_fail():
    assert len(ODD) >= 50
    for raw in ODD:
        read = read_mail(raw)
        if read is not None:
            told = "".join([read.text, read.subject, read.sender, read.message_id])
            told.encode()
            assert "\x00" not in told
            assert "\n" not in read.subject
