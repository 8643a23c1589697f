"""Files of the site are its owner's alone, whoever made them when; a proxy that sends the media may pass."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from wagtail.models import PageLogEntry, PageViewRestriction

from config.private import keep_private
from tests.published import add_page


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(("is_passed", "folder_mode"), [(False, 0o700), (True, 0o711)])
def test_what_an_earlier_version_made_is_closed(tmp_path: Path, is_passed: bool, folder_mode: int) -> None:
    before = os.umask(0o022)
    try:
        for name in ("db.sqlite3", "db.sqlite3-wal", "secret-key"):
            (tmp_path / name).write_text("")
        keep_private(tmp_path, is_passed_by_proxy=is_passed)
        (tmp_path / "new").write_text("")
    finally:
        os.umask(before)
    assert mode(tmp_path) == folder_mode
    assert {mode(path) for path in tmp_path.iterdir()} == {0o600}


def test_the_settings_close_the_data_folder_and_everything_made_later(tmp_path: Path) -> None:
    assert mode(Path(settings.DATA_DIR)) == 0o700
    name = default_storage.save("probe/datei.txt", ContentFile(b"x"))
    stored = Path(default_storage.path(name))
    assert (mode(stored), mode(stored.parent)) == (0o600, 0o700)
    default_storage.delete(name)
    (tmp_path / "made").write_text("")
    assert mode(tmp_path / "made") == 0o600, "the umask of the process"


@pytest.mark.django_db
def test_the_password_of_a_page_stands_in_no_log_and_no_version(library_index: Any, admin_client: Client) -> None:
    page = add_page(library_index, "privat")
    url = f"/admin/pages/{page.pk}/privacy/"
    data = {"restriction_type": "password", "password": "zaunkoenig77"}
    assert admin_client.post(url, data).status_code == 200
    assert PageViewRestriction.objects.get().password == "zaunkoenig77"
    log = str(list(PageLogEntry.objects.values_list("data", "label")))
    assert "zaunkoenig77" not in log + str(list(page.revisions.values_list("content", flat=True)))
