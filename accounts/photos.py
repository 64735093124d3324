"""Photos that members upload: judged by content, made anew, named by the portal."""

from __future__ import annotations

import io
import secrets
import warnings

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 5_000_000
MAX_PIXELS = 30_000_000  # decoded; beyond that a small file could fill the memory
SIDE = 400  # pixels of the square that is kept
FORMATS = ("JPEG", "PNG", "WEBP")


def cleaned_photo(upload: UploadedFile) -> ContentFile[bytes]:
    """Return the photo as a new JPEG without any of the file's own details.

    Raises `ValidationError` with a sentence for anything that is not such a picture.
    """
    if upload.size is None or upload.size > MAX_BYTES:
        raise ValidationError(_("The file is larger than 5 MB. Choose a smaller picture."))
    if not upload.size:
        raise ValidationError(_("The file is empty. Choose another one."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(upload, formats=FORMATS)
            if image.width * image.height > MAX_PIXELS:
                raise ValidationError(_("The picture has too many pixels. Make it smaller."))
            image.draft("RGB", (2 * SIDE, 2 * SIDE))  # a JPEG is decoded no larger than needed
            upright = ImageOps.exif_transpose(image).convert("RGB")
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
    square = ImageOps.fit(upright, (SIDE, SIDE))
    written = io.BytesIO()
    square.save(written, "JPEG", quality=85)
    return ContentFile(written.getvalue(), name=f"{secrets.token_hex(16)}.jpg")
