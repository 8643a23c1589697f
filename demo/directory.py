"""The directory of the demo: networks, members and offers of consultation.

Only what is missing is created; nothing that exists is changed, so an editor's work stays.
"""

from __future__ import annotations

import datetime

from wagtail.models import Page

from content.stream import text_data
from core.importing.outcome import Action
from demo.data import FOLDER, read_data
from directory.importers.networks import NetworkImporter, read_rows
from directory.models import (
    ConsultationIndexPage,
    ConsultationPage,
    NetworkIndexPage,
    NetworkPage,
    Office,
    OpeningHours,
)

DATA = FOLDER / "directory"


def load_networks(index: NetworkIndexPage) -> int:
    """Create the demo's missing networks and members; return how many."""
    importer = NetworkImporter(index, defaults={"is_sample": True})
    known = set(NetworkPage.objects.values_list("number", flat=True))
    texts = {row["number"]: row for row in read_data(DATA / "networks.toml")["network"]}
    for number, row in texts.items():
        importer.defaults_of[number] = {
            "summary": row["summary"],
            "body": text_data(f"network/{number}", row["body"]),
        }
    planned = importer.plan(read_rows((DATA / "networks.csv").read_bytes()))
    new = [one for one in planned if one.outcome.action is Action.NEW]
    # Leave the members of a network that already existed alone.
    wanted = [one for one in new if one.is_network or int(one.row.value["nummer"]) not in known]
    outcomes = list(importer.write(wanted))
    for office in Office.objects.filter(mailbox=""):
        office.mailbox = f"koordination-inklusion-{office.slug}@lasub.example.org"
        office.save(update_fields=["mailbox"])
    return len(outcomes)


def load_offers(index: ConsultationIndexPage) -> int:
    """Create the demo's missing offers of consultation; return how many."""
    taken = set(Page.objects.child_of(index).values_list("slug", flat=True))
    networks = {page.slug: page for page in NetworkPage.objects.all()}
    created = 0
    for row in read_data(DATA / "consultation.toml")["offer"]:
        if row["slug"] in taken:
            continue
        page = ConsultationPage(
            title=row["title"],
            slug=row["slug"],
            summary=row["summary"],
            search_description=row["summary"],
            area=row["area"],
            topics="\n".join(row["topics"]),
            contact_roles="\n".join(row["roles"]),
            on_site="on_site" in row,
            on_site_note=row.get("on_site", ""),
            mailbox=row.get("mailbox", ""),
            phone=row.get("phone", ""),
            hours_note=row.get("hours_note", ""),
            body=text_data(f"offer/{row['slug']}", row.get("body", ())),
            is_sample=True,
            live=False,
        )
        page.hours = [
            OpeningHours(
                day=day,
                start=datetime.time.fromisoformat(start),
                end=datetime.time.fromisoformat(end),
                sort_order=place,
            )
            for place, (day, start, end) in enumerate(row.get("hours", ()))
        ]
        page.networks.set([networks[slug] for slug in row.get("networks", ()) if slug in networks])
        index.add_child(instance=page)
        page.save_revision().publish()
        created += 1
    return created
