"""Files are taken from editors and nobody else.

No form for visitors has one; Django would all the same read whatever a stranger sends, and keep it until the answer.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import FileUploadHandler
from django.urls import reverse


class EditorsOnly(FileUploadHandler):
    """Stands before the handlers that keep files, and ends the reading at the first file of anybody else."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Raise BadRequest unless somebody with a login sends the file to the admin."""
        super().new_file(*args, **kwargs)
        user = getattr(self.request, "user", None)
        in_admin = self.request is not None and self.request.path.startswith(reverse("wagtailadmin_home"))
        if not in_admin or user is None or not user.is_authenticated:
            raise BadRequest("files are not taken here")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand on what comes, to the handlers that keep it."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Keep nothing."""
