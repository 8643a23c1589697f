"""The partners of the demo: invented, as many as a real network has.

The sample library holds the first few, which its other pages name; `load_sample_partners` adds the rest, so that no test pays
for them. They are written without a version each, which is what most of the time would go into.
"""

from __future__ import annotations

import csv
import itertools

from django.utils import timezone

from demo.data import FOLDER
from directory.models import NetworkPage, PartnerIndexPage, PartnerPage, Region

DATA = FOLDER / "directory" / "partners.csv"

FIRST = 6
"""How many other sample pages name."""


def load_partners(index: PartnerIndexPage, most: int | None = FIRST) -> int:
    """Create the demo's missing partners, the first `most` or all; return how many."""
    taken = set(PartnerPage.objects.child_of(index).values_list("slug", flat=True))
    networks = {str(page.number): page for page in NetworkPage.objects.all()}
    regions = {region.slug: region for region in Region.objects.all()}
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(itertools.islice(csv.DictReader(file, delimiter=";"), most))
    new = [row for row in rows if row["kennung"] not in taken]
    for row in new:
        now = timezone.now()
        page = PartnerPage(
            title=row["name"],
            slug=row["kennung"],
            kind=row["art"],
            region=regions.get(row["region"]),
            summary=row["profil"],
            search_description=row["profil"],
            offers="\n".join(row["angebote"].split("|")),
            mailbox=row["postfach"],
            phone=row["telefon"],
            website=row["website"],
            is_sample=True,
            first_published_at=now,
            last_published_at=now,
        )
        page.topics.add(*row["themen"].split("|"))
        page.networks.set([networks[number] for number in row["koopv"].split("|") if number in networks])
        index.add_child(instance=page)
    return len(new)
