"""`make messages`: bring the catalogues up to date with the code, and compile them. Needs gettext's tools.

Django's makemessages, less what only editors see, and with what xgettext overlooks (calls within f-strings).
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages

from tests.catalogues.po import entries
from tests.catalogues.visitors import ROOT, Found, of_visitors

LOCALES = ("en", "da", "de_Simple")


class Command(makemessages.Command):
    """Makes the messages of visitors."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=_t"]
    # What it guesses looks translated and is not.
    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def build_potfiles(self) -> Any:
        """Bring what was found in line with what visitors see."""
        files = super().build_potfiles()
        wanted = {found.message: found for found in of_visitors()}
        for path in map(Path, files):
            text = path.read_text(encoding="utf-8")
            blocks = {entry.message: entry.block.strip() for entry in entries(text)}
            blocks |= {message: _block(found) for message, found in wanted.items() if message not in blocks}
            head = text.split("\n\n", 1)[0]
            kept = [block for message, block in blocks.items() if message in wanted]
            path.write_text("\n\n".join([head, *kept]) + "\n", encoding="utf-8")
        return files


def _block(found: Found) -> str:
    def quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    lines = [f"#: {found.file}", f"msgid {quoted(found.message.text)}"]
    if found.message.plural:
        return "\n".join([*lines, f"msgid_plural {quoted(found.message.plural)}", 'msgstr[0] ""', 'msgstr[1] ""'])
    return "\n".join([*lines, 'msgstr ""'])


def main() -> None:
    """Update and compile all catalogues, and say what is left to translate."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
    django.setup()
    os.chdir(ROOT)
    call_command(
        Command(),
        locale=list(LOCALES),
        ignore_patterns=["var", "tests", "docs"],
        extensions=["html", "py", "txt"],
        add_location="file",
        no_wrap=True,
        no_obsolete=True,
        verbosity=0,
    )
    for locale in LOCALES:
        path = Path(settings.LOCALE_PATHS[0]) / locale / "LC_MESSAGES" / "django.po"
        # The day of the last run would be a difference, and a conflict, in each.
        text = re.sub(r'"(POT-Creation-Date|Report-Msgid-Bugs-To):[^\n]*\n', "", path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
        for entry in entries(text):
            if not all(entry.forms):
                print(f"{locale}: {entry.message.text}")
    call_command("compilemessages", locale=list(LOCALES), ignore_patterns=["var", ".venv"], verbosity=0)


if __name__ == "__main__":
    main()
