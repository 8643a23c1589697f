"""The forms of files: a picture that cannot be fully unpacked, and what is more than an account may store, are refused
before anything is kept.

The check of a picture applies to the picture as it will be stored, without its metadata. The guarded child unpacks it first, so that
this process meets only pictures that are whole and no larger than allowed.
"""

from __future__ import annotations

import tempfile
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from media.arriving import check_quota
from media.confined.run import UnavailableError
from media.extraction import process
from media.extraction.outcome import MAX_FRAME_PIXELS, MAX_PIXELS, Reason
from media.messages import MESSAGES
from media.metadata.strip import SIGN_BYTES, UnreadableError, begins_as_picture, stripped

_TOO_MUCH = (Reason.TOO_LARGE, Reason.TOO_SLOW, Reason.OUT_OF_MEMORY)


class WholeImageField(WagtailImageField):
    """Wagtail's field, which unpacks the first frame of any size, with a check of the whole before."""

    def to_python(self, data: Any) -> Any:
        """Return the file. Raises ValidationError if one of its frames cannot be unpacked, or all are too many."""
        # Wagtail refuses everything else by its first bytes.
        if data not in self.empty_values and begins_as_picture(data.read(SIGN_BYTES)):
            self._check_whole(data)
        if data not in self.empty_values:
            data.seek(0)
        return super().to_python(data)

    def _check_whole(self, data: Any) -> None:
        data.seek(0)
        with tempfile.TemporaryFile() as file:
            try:
                file.write(stripped(data.read()))
            except UnreadableError as error:
                raise ValidationError(self.error_messages["invalid_image"], code="invalid_image") from error
            file.flush()
            try:
                reason = process.check_picture(file)
            except UnavailableError as error:
                raise ValidationError(str(MESSAGES[Reason.BUSY])) from error
        if reason in _TOO_MUCH:
            raise ValidationError(
                _("Dieses Bild hat zu viele Bildpunkte: höchstens %(most)s, ein bewegtes in allen Bildern %(all)s.")
                % {"most": MAX_PIXELS, "all": MAX_FRAME_PIXELS},
                code="file_too_many_pixels",
            )
        if reason is Reason.UNCONFINED:
            raise ValidationError(str(MESSAGES[reason]))
        if reason is not None:
            raise ValidationError(self.error_messages["invalid_image"], code="invalid_image")


class _WithQuota:
    """A form of a file that knows who sends it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.sender = kwargs.get("user")
        super().__init__(*args, **kwargs)

    def clean(self) -> Any:
        """Refuse a new file that is more than the account may store."""
        cleaned = super().clean()  # type: ignore[misc] # of the form beside
        file = self.files.get(self.add_prefix("file"))  # type: ignore[attr-defined] # of the form beside
        if file is not None:
            try:
                check_quota(self.sender, file.size)
            except ValidationError as error:
                self.add_error("file", error)  # type: ignore[attr-defined] # of the form beside
        return cleaned


class DocumentForm(_WithQuota, BaseDocumentForm):
    """Wagtail's form of a document, with the quota."""


class ImageForm(_WithQuota, BaseImageForm):
    """Wagtail's form of a picture, with the quota, and our field for the file if the form has one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            self.fields["file"] = WholeImageField(label=field.label, required=field.required, widget=field.widget)
