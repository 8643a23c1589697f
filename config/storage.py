"""Where files lie: static ones named by their content, so that browsers may keep them forever; uploads while there is room."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from core.running.room import Room, room


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Storage that also renames what our scripts import: a module cached too long would meet newer ones."""

    support_js_module_import_aggregation = True

    def post_process(self, *args: Any, **options: Any) -> Iterator[Any]:
        """Name and compress the files. What is made beside them is for all to read too, for the proxy is another user."""
        before = os.umask(0o022)
        try:
            yield from super().post_process(*args, **options)
        finally:
            os.umask(before)


class Media(FileSystemStorage):
    """Storage that refuses a file before the disk is full: no half of it is left, and the database can still write."""

    def save(self, name: str | None, content: IO[Any], max_length: int | None = None) -> str:
        """Store a file and return its name. Raises OSError (no space) when there is hardly any room."""
        folder = Path(self.location)
        if not folder.exists():
            folder.mkdir(parents=True)
            # Whatever the umask: where a proxy sends files, it must pass through.
            folder.chmod(self.directory_permissions_mode or 0o700)
        if room(folder) in {Room.FULL, Room.READ_ONLY}:
            raise OSError(errno.ENOSPC, "there is no room for files", str(folder))
        return super().save(name, content, max_length)
