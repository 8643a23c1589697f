"""Accept uploaded files from editors, and from visitors only where a form is declared to take some.

No other form takes one, yet Django would read whatever a stranger sends and keep it until the response.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest
from django.urls import reverse

from core.declared import file_forms


class WhereTheyAreTaken(FileUploadHandler):
    """A handler in front of those that store files; it stops at the first byte that is not wanted."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.files = self.bytes = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Raise BadRequest unless an editor sends the file to the admin, or a visitor one of few to a form that takes it."""
        super().new_file(*args, **kwargs)
        self.files, self.bytes = self.files + 1, 0
        if self._from_editor():
            return
        path = "" if self.request is None else self.request.path
        if not file_forms.takes_files(path) or self.files > file_forms.FILES:
            raise BadRequest("files are not taken here")

    def _from_editor(self) -> bool:
        user = getattr(self.request, "user", None)
        in_admin = self.request is not None and self.request.path.startswith(reverse("wagtailadmin_home"))
        return in_admin and user is not None and user.is_authenticated

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the data on to the handlers that store it. Raises BadRequest when a visitor's file is too large."""
        self.bytes += len(raw_data)
        if self.bytes > file_forms.FILE_BYTES and not self._from_editor():
            raise BadRequest("the file is too large")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Store nothing."""
