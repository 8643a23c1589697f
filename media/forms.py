"""The form of a picture: one that cannot be fully unpacked is refused before anything is stored.

The check applies to the picture as it will be stored, without its metadata.
"""

from __future__ import annotations

import io
from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image, ImageSequence
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from media.metadata.strip import stripped


class WholeImageField(WagtailImageField):
    """Wagtail's field, which checks only the beginning of a file, with a check of the whole."""

    def to_python(self, data: Any) -> Any:
        """Return the file. Raises ValidationError if one of its pictures cannot be unpacked.

        The size in pixels is checked first and limits the memory needed.
        """
        try:
            file = super().to_python(data)
            if file is not None:
                file.seek(0)
                with Image.open(io.BytesIO(stripped(file.read()))) as picture:
                    for frame in ImageSequence.Iterator(picture):
                        frame.load()
                file.seek(0)
        except ValidationError:
            raise
        except Exception as error:
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image") from error
        return file


class ImageForm(BaseImageForm):
    """Wagtail's form of a picture, with our field for the file if the form has one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            self.fields["file"] = WholeImageField(label=field.label, required=field.required, widget=field.widget)
