"""`manage.py import_networks FILE`: networks and schools from one table; the rules are in `directory.importers`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from core.importing.run import ImportCommand, Importer
from directory.importers.networks import NetworkImporter
from directory.models import NetworkIndexPage


class Command(ImportCommand):
    """Print one report line per row; the file is short and planned as a whole, so there is no progress bar."""

    help = str(gettext_lazy("Liest Kooperationsverbünde und ihre Mitglieder aus einer Tabelle (CSV oder XLSX) ein."))
    file_help = gettext_lazy("Tabelle als CSV oder XLSX; - liest von der Standardeingabe")
    counted = ngettext_lazy("%(count)s Zeile", "%(count)s Zeilen", "count")
    broken = ngettext_lazy("%(count)s Zeile ist fehlerhaft.", "%(count)s Zeilen sind fehlerhaft.", "count")
    shows_progress = False

    def importer(self, options: Mapping[str, Any]) -> Importer:
        """Return an importer into the first directory. Raises CommandError if there is none."""
        parent = NetworkIndexPage.objects.order_by("path").first()
        if parent is None:
            raise CommandError(
                _("Es gibt noch kein Verzeichnis der Kooperationsverbünde: zuerst setup_site ausführen.")
            )
        return NetworkImporter(parent, dry_run=options["dry_run"])
