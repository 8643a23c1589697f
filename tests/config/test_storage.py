"""Static files of a real site: a script asks for the others by the names they were stored under."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.test import override_settings

IMPORT = re.compile(r"""(?:from|import) ["']\./([\w.-]+)["']""")


def test_scripts_import_each_other_by_hashed_names(settings: Any, tmp_path: Path) -> None:
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": "config.storage.StaticFiles"}}
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=storages):
        call_command(
            "collectstatic", verbosity=0, interactive=False, ignore_patterns=["admin", "wagtail*", "rest_framework"]
        )
    stored = {path.name for path in (tmp_path / "js").glob("*.js")}
    hashed = [name for name in stored if re.search(r"\.[0-9a-f]{12}\.js$", name)]
    assert len(hashed) >= 6
    imported = {name for script in hashed for name in IMPORT.findall((tmp_path / "js" / script).read_text())}
    assert imported
    assert imported <= set(hashed)
    # What is made of the files is for the proxy to read, who is another user.
    made = [path for path in (tmp_path / "js").iterdir() if path.suffix in {".gz", ".br"}]
    assert made
    assert {path.stat().st_mode & 0o044 for path in made} == {0o044}
