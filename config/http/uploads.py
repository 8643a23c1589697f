"""Accept uploaded files from editors, and from visitors only where a form is declared to take some.

No other form takes one, yet Django would read whatever a stranger sends and keep it until the response. A form that
takes files is not answered in their place: it hears which it did not get, and gives back what else was typed.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.urls import reverse

from core.declared import file_forms


class WhereTheyAreTaken(FileUploadHandler):
    """A handler in front of those that store files; it stops at the first byte that is not wanted."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.files = self.bytes = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Raise BadRequest unless an editor sends the file to the admin, or a visitor to a form that takes some."""
        super().new_file(*args, **kwargs)
        self.files, self.bytes = self.files + 1, 0
        path = "" if self.request is None else self.request.path
        if not (file_forms.takes_files(path) or self._from_editor()):
            raise BadRequest("files are not taken here")

    def _from_editor(self) -> bool:
        user = getattr(self.request, "user", None)
        in_admin = self.request is not None and self.request.path.startswith(reverse("wagtailadmin_home"))
        return in_admin and user is not None and user.is_authenticated

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass the data on to the handlers that store it, but nothing more of a visitor's file that is too much."""
        self.bytes += len(raw_data)
        is_too_much = self.files > file_forms.FILES or self.bytes > file_forms.FILE_BYTES
        if is_too_much and not self._from_editor():
            file_forms.leave_out(self.request, self.file_name or "")
            # Only now: before its first byte, Django would close the file before this one instead.
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Store nothing."""
