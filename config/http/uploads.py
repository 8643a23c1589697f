"""Accept uploaded files from editors only.

No form for visitors takes one, yet Django would read whatever a stranger sends and keep it until the response.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import FileUploadHandler
from django.urls import reverse


class EditorsOnly(FileUploadHandler):
    """A handler in front of those that store files; it stops at the first file from anybody else."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Raise BadRequest unless somebody with a login sends the file to the admin."""
        super().new_file(*args, **kwargs)
        user = getattr(self.request, "user", None)
        in_admin = self.request is not None and self.request.path.startswith(reverse("wagtailadmin_home"))
        if not in_admin or user is None or not user.is_authenticated:
            raise BadRequest("files are not taken here")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the data on to the handlers that store it."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Store nothing."""
