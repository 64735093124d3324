"""Documents to upload, and what only pretends to be one."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.pictures import picture

MAX_BYTES = 9_000_000
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_OFFICE = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_OPEN = {
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}


def document(name, content):
    return SimpleUploadedFile(name, content)


def archive(parts, stored=()):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            kind = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            file.writestr(name, content, kind)
    return written.getvalue()


def office(ending, **parts):
    main = f'<Types><Override ContentType="{_OFFICE[ending]}.main+xml"/></Types>'
    return archive({"[Content_Types].xml": main, "word/document.xml": "<w/>"} | parts)


def open_document(ending, **parts):
    return archive(
        {"mimetype": _OPEN[ending], "content.xml": "<office/>"} | parts, stored=["mimetype"]
    )


# name -> (content, content type)
ACCEPTED = {
    "report.pdf": (PDF, "application/pdf"),
    "REPORT.PDF": (PDF, "application/pdf"),
    **{f"a.{ending}": (office(ending), kind) for ending, kind in _OFFICE.items()},
    **{f"a.{ending}": (open_document(ending), kind) for ending, kind in _OPEN.items()},
    "figures.csv": ("país,valor\nBR,1\n".encode(), "text/csv"),
    "marked.csv": ("\ufeffa;b\n".encode(), "text/csv"),
    "notes.txt": ("Água, ماء, 水 < 3\n".encode(), "text/plain"),
    "a.png": (picture("PNG"), "image/png"),
    "a.jpg": (picture("JPEG"), "image/jpeg"),
    "a.jpeg": (picture("JPEG"), "image/jpeg"),
    "a.webp": (picture("WEBP"), "image/webp"),
}
_HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
_SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"


def _lying():
    """A part that says it is ten bytes long and unpacks to a million."""
    content = archive({"[Content_Types].xml": "x" * 1_000_000})
    size = (1_000_000).to_bytes(4, "little")
    return content.replace(size, (10).to_bytes(4, "little"))


def _locked():
    content = bytearray(office("docx"))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


# what it is -> (name, content, what the refusal says)
REFUSED = {
    "empty": ("a.pdf", b"", "empty"),
    "one byte too large": ("a.txt", b"x" * (MAX_BYTES + 1), "larger than 9 MB"),
    "no ending": ("report", PDF, "not kept"),
    "an ending that is not kept": ("a.exe", b"MZ", "not kept"),
    "svg": ("a.svg", _SVG, "not kept"),
    "html": ("a.html", _HTML, "not kept"),
    "two endings": ("a.pdf.html", PDF, "not kept"),
    "svg called png": ("a.png", _SVG, "JPEG, PNG or WebP"),
    "jpeg called png": ("a.png", picture("JPEG"), "JPEG, PNG or WebP"),
    "html called pdf": ("a.pdf", _HTML, "kind its name says"),
    "html called text": ("a.txt", b"\n " + _HTML, "kind its name says"),
    "html behind a word": ("a.txt", b"Hello " + _HTML, "kind its name says"),
    "svg called csv": ("a.csv", _SVG, "kind its name says"),
    "pdf called docx": ("a.docx", PDF, "kind its name says"),
    "pdf called text": ("a.txt", PDF, "kind its name says"),
    "a script": ("a.txt", b"#!/bin/sh\nrm\n", "kind its name says"),
    "control characters": ("a.txt", b"a\x00b", "kind its name says"),
    "not utf-8": ("a.csv", "país".encode("latin-1"), "UTF-8"),
    "docx called xlsx": ("a.xlsx", office("docx"), "kind its name says"),
    "odt called ods": ("a.ods", open_document("odt"), "kind its name says"),
    "any zip": ("a.docx", archive({"a": "b"}), "kind its name says"),
    "an empty zip": ("a.docx", archive({}), "kind its name says"),
    "cut off": ("a.docx", office("docx")[:-9], "kind its name says"),
    "cut off pdf": ("a.pdf", PDF[:-9], "kind its name says"),
    "pdf with a zip behind it": ("a.pdf", PDF + office("docx"), "kind its name says"),
    "pdf round a zip": (
        "a.pdf",
        PDF.ljust(2_000) + archive({"a": "b"})[:-2] + b"\x06\x00%%EOF\n",
        "its name",
    ),
    "pdf with html in front": ("a.pdf", b"%PDF-1.7\n" + _HTML + PDF, "kind its name says"),
    "something before the pdf": ("a.pdf", b"GIF89a" + PDF, "kind its name says"),
    "zip with a pdf in front": ("a.docx", PDF + office("docx"), "kind its name says"),
    "zip with a pdf inside": (
        "a.odt",
        archive({"mimetype": b"%PDF-1.7"}, stored=["mimetype"]),
        "kind its name says",
    ),
    "something behind the zip": ("a.docx", office("docx") + _HTML, "kind its name says"),
    "a pdf that runs": ("a.pdf", PDF.replace(b"/Catalog", b"/JavaScript"), "a program"),
    "macros": ("a.docx", office("docx", **{"word/vbaProject.bin": "x"}), "macros"),
    "open macros": ("a.odt", open_document("odt", **{"Basic/a.xml": "x"}), "macros"),
    "a bomb": ("a.docx", office("docx", **{"word/a.xml": b"\0" * 100_000_001}), "unpacked"),
    "a bomb that lies": ("a.docx", _lying(), "kind its name says"),
    "many parts": ("a.docx", office("docx", **{f"{n}": "" for n in range(5_000)}), "unpacked"),
    "a way out": ("a.docx", office("docx", **{"../../etc/passwd": "x"}), "kind its name says"),
    "a password": ("a.docx", _locked(), "kind its name says"),
}
