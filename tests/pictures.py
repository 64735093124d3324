"""Pictures to upload, and what only pretends to be one."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

MAX_BYTES = 5_000_000


def picture(kind="PNG", size=(60, 40)):
    written = io.BytesIO()
    Image.new("RGB", size, "red").save(written, kind)
    return written.getvalue()


def upload(content, name="me.png"):
    return SimpleUploadedFile(name, content)


# what it is called -> (content, what the refusal says)
REFUSED = {
    "empty": (b"", "empty"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "JPEG, PNG or WebP"),
    "html": (b"<html><script>alert(1)</script></html>", "JPEG, PNG or WebP"),
    "gif": (b"GIF89a" + b"\x00" * 50, "JPEG, PNG or WebP"),
    "cut off at once": (picture()[:60], "JPEG, PNG or WebP"),
    "cut off late": (picture(size=(600, 400))[:-40], "JPEG, PNG or WebP"),
    "one byte too large": (picture().ljust(MAX_BYTES + 1, b"x"), "larger than 5 MB"),
    "too many pixels": (picture(size=(9_000, 9_000)), "too many pixels"),
}


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())
