"""Pictures that people upload: judged by content, made anew, named by the portal."""

from __future__ import annotations

import io
import secrets
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 5_000_000
MAX_PIXELS = 30_000_000  # decoded; beyond that a small file could fill the memory
SMALL_SIDE = 96  # pixels of a square picture in a list, shown at half its size
MAX_SIDE = 3_000  # pixels of a picture that is kept whole
ENDINGS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
FORMATS = tuple(ENDINGS)
PICTURE_ONLY = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'",
}


def cleaned_photo(upload: UploadedFile, side: int = 400) -> ContentFile[bytes]:
    """Return the middle of the picture as a square JPEG of `side` pixels, without any of the
    file's own details. Raises `ValidationError` with a sentence for what is no such picture.
    """
    return _written(ImageOps.fit(_opened(upload, side).convert("RGB"), (side, side)), "JPEG")


def cleaned_logo(upload: UploadedFile, side: int = 240) -> ContentFile[bytes]:
    """Return the whole picture as a square PNG of `side` pixels, see-through where it was or
    where it had to be filled. Raises as `cleaned_photo`.
    """
    return _written(ImageOps.pad(_opened(upload, side).convert("RGBA"), (side, side)), "PNG")


def cleaned_picture(upload: UploadedFile, kind: str, side: int = MAX_SIDE) -> ContentFile[bytes]:
    """Return the whole picture in its own format `kind`, one of `FORMATS`, no side longer than
    `side` pixels. Raises as `cleaned_photo`, also for a picture of another format.
    """
    image = _opened(upload, side, (kind,))
    image.thumbnail((side, side))
    if kind == "JPEG" or image.mode not in ("RGB", "RGBA", "L"):
        image = image.convert("RGB" if kind == "JPEG" else "RGBA")
    return _written(image, kind)


def cleaned_banner(
    upload: UploadedFile, size: tuple[int, int] = (480, 270), most_bytes: int = 20_000
) -> ContentFile[bytes]:
    """Return the middle of the picture as a JPEG of `size` pixels and at most `most_bytes`, for
    slow lines: as good as fits, and blurred where nothing else helps. Raises as `cleaned_photo`.
    """
    image = ImageOps.fit(_opened(upload, max(size)).convert("RGB"), size)
    for quality in (82, 70, 58, 46, 34):
        written = _written(image, "JPEG", quality)
        if written.size <= most_bytes:
            return written
    # Noise cannot be packed; a quarter of its details can.
    image = image.resize((size[0] // 4, size[1] // 4)).resize(size)
    return _written(image, "JPEG", 34)


def _opened(upload: UploadedFile, side: int, formats: tuple[str, ...] = FORMATS) -> Image.Image:
    """Return the decoded picture, upright."""
    if upload.size is None or upload.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 5 MB. Choose a smaller picture."))
    if not upload.size:
        raise ValidationError(_("The file is empty. Choose another one."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=formats)
            if image.width * image.height > MAX_PIXELS:
                raise ValidationError(_("The picture has too many pixels. Make it smaller."))
            image.draft("RGB", (2 * side, 2 * side))  # a JPEG is decoded no larger than needed
            image.load()
            return ImageOps.exif_transpose(image)
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise ValidationError(
            _("This is not a picture that can be read. Choose a JPEG, PNG or WebP file.")
        ) from error


def _written(image: Image.Image, kind: str, quality: int = 85) -> ContentFile[bytes]:
    written = io.BytesIO()
    image.save(written, kind, quality=quality)
    ending = ENDINGS[kind]
    return ContentFile(written.getvalue(), name=f"{secrets.token_hex(16)}.{ending}")


class PictureField(forms.FileField):
    """A picture to upload, to keep or to remove; its value is what `make` made of an upload."""

    def __init__(self, *, make: Callable[[UploadedFile], ContentFile[bytes]], **kwargs: object):
        self.make = make
        kwargs.setdefault("required", False)
        kwargs.setdefault(
            "widget", forms.ClearableFileInput({"accept": "image/jpeg,image/png,image/webp"})
        )
        kwargs.setdefault(
            "help_text",
            _("JPEG, PNG or WebP, up to 5 MB. It is made smaller and its details removed."),
        )
        super().__init__(**kwargs)  # type: ignore[arg-type]

    def clean(self, data: object, initial: object = None) -> object:
        """Return the new picture, `initial` where nothing was sent, False to remove it."""
        found: object = super().clean(data, initial)
        return self.make(found) if isinstance(found, UploadedFile) else found


@contextmanager
def file_follows(row: Model, name: str, *, old: str | None) -> Iterator[None]:
    """Keep the disk in step with the file column `name` of `row`, which is saved inside.

    `old` is the name of the file that it had. That one is deleted once the transaction is
    committed, a new one if what is done inside fails.
    """
    try:
        yield
    except BaseException:
        file: FieldFile = getattr(row, name)
        if file and file._committed and file.name != old:  # type: ignore[attr-defined]
            file.storage.delete(str(file.name))
        raise
    new: FieldFile = getattr(row, name)
    if old and old != new.name:
        transaction.on_commit(lambda: new.storage.delete(old))


def picture_response(file: FieldFile, content_type: str) -> FileResponse:
    """Return the file as a picture and nothing else; `Http404` if it is not there."""
    try:
        return FileResponse(file.open(), content_type=content_type, headers=PICTURE_ONLY)
    except FileNotFoundError as error:
        raise Http404 from error


def small_picture_response(file: FieldFile, side: int = SMALL_SIDE) -> HttpResponse:
    """Return a JPEG that the portal made, no side longer than `side` pixels: for lists, a tenth
    of the bytes. `Http404` if it is not there.
    """
    try:
        with file.open() as kept, Image.open(kept, formats=("JPEG",)) as image:
            image.draft("RGB", (side, side))
            image.thumbnail((side, side))
            small = _written(image, "JPEG")
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(small.read(), content_type="image/jpeg", headers=PICTURE_ONLY)
