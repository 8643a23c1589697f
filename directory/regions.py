"""The regions of Saxony and the sites of its school authority, the same for every site: public facts in a data file.

Only missing rows are created; existing ones stay unchanged, and so does an editor's work.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from directory.models import Office, Region

_DATA = Path(__file__).parent / "data" / "regions.toml"


def load_regions() -> int:
    """Create missing regions and LaSuB sites, identified by slug; return how many."""
    data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    created = 0
    offices = {office.slug: office for office in Office.objects.all()}
    for order, row in enumerate(data["office"]):
        if row["slug"] not in offices:
            offices[row["slug"]] = Office.objects.create(order=order, **row)
            created += 1
    known = set(Region.objects.values_list("slug", flat=True))
    for order, row in enumerate(data["region"]):
        if row["slug"] not in known:
            Region.objects.create(order=order, **{**row, "office": offices[row["office"]]})
            created += 1
    return created
