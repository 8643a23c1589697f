"""Lives with the new page type for a moment: as editors, as a visitor, as a program. Prints what it saw, as JSON.

Run in a process of its own: which apps there are is settled when Django starts.
"""

from __future__ import annotations

import json
import tomllib
from typing import Any

import django

django.setup()

from django.contrib.auth.models import Group  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from wagtail.models import Page  # noqa: E402

from core.declared.roles import Role  # noqa: E402
from core.models import User  # noqa: E402
from directory.models import NetworkIndexPage  # noqa: E402
from home.models import HomePage  # noqa: E402
from library.models import LibraryIndexPage  # noqa: E402
from tests.page_forms import address_for, sent_for  # noqa: E402
from tests.scratch_app.models import WorkshopPage  # noqa: E402
from tests.states import ROOT  # noqa: E402

SLUG = "hobeln-und-zaehlen"
ROW = tomllib.loads((ROOT / "tests/scratch_app/relevance.toml").read_text(encoding="utf-8"))["row"][0]

visitor = Client(headers={"host": "localhost"})


def member(role: Role) -> tuple[User, Client]:
    """Return a new editor of a group, logged in."""
    user = User.objects.create_user(role.name.lower())
    user.groups.add(Group.objects.get(name=role))
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return user, client


def text(address: str) -> str:
    """Return what a visitor gets; an address that answers otherwise says so."""
    answer = visitor.get(address)
    return answer.content.decode() if answer.status_code == 200 else f"{answer.status_code}"


def values(name: str) -> dict[str, str]:
    """Return the values of a facet over everything, with their labels."""
    facets = json.loads(text("/api/v2/search/"))["facets"]
    return {value["slug"]: value["label"] for facet in facets if facet["name"] == name for value in facet["values"]}


def write_and_publish() -> dict[str, Any]:
    """Write a page in the form and hand it in as an editor, publish it as a chief editor."""
    writer, desk = member(Role.EDITORS)
    chief, _ = member(Role.CHIEF_EDITORS)
    shelf = LibraryIndexPage.objects.get(locale__language_code="de")
    draft = WorkshopPage(
        title="Hobeln und zählen",
        slug=SLUG,
        summary="Eine Stunde an der Werkbank mit der Klasse 4b.",
        writer="M. Muster",
        text="Jedes Kind hobelt ein Brett und zählt die Späne.",
    )
    sent = sent_for(draft, writer, as_new=True)
    sent["action-submit"] = "1"
    seen: dict[str, Any] = {
        "forms": {
            model.__name__: desk.get(address_for("add", WorkshopPage, model.objects.get())).status_code
            for model in (HomePage, LibraryIndexPage, NetworkIndexPage)
        },
        "written": desk.post(address_for("add", WorkshopPage, shelf), sent).status_code,
    }
    page = WorkshopPage.objects.get()
    seen["live when handed in"] = page.live
    seen["editor may publish"] = page.permissions_for_user(writer).can_publish()
    seen["chief may publish"] = page.permissions_for_user(chief).can_publish()
    seen["preview"] = desk.get(reverse("wagtailadmin_pages:view_draft", args=(page.pk,))).status_code
    page.current_workflow_task_state.approve(user=chief)
    return seen


def main() -> None:
    """Set up the app, live with a page, print."""
    call_command("check", fail_level="WARNING")
    call_command("makemigrations", "scratch_app", check=True, dry_run=True, verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("setup_roles", verbosity=0)
    seen = write_and_publish()
    page = Page.objects.get(slug=SLUG)
    api = json.loads(text("/api/v2/pages/?type=scratch_app.WorkshopPage&fields=writer"))
    found = json.loads(visitor.get("/api/v2/search/", {"q": ROW["query"]}).content)["items"]
    kept = visitor.get("/merkliste/", {"id": page.pk}).content.decode()
    seen |= {
        "page": text(f"/bibliothek/{SLUG}/"),
        "results": text("/suche/?q=hobeln"),
        "api of pages": [(item["title"], item["writer"]) for item in api["items"]],
        "api of search": [(item["type"], [area["label"] for area in item["area"]]) for item in found],
        "lead": [item["url"].rstrip("/").rsplit("/", 1)[-1] for item in found][: len(ROW["lead"])],
        "wanted": ROW["lead"],
        "types": values("type"),
        "areas": values("area"),
        "narrowed": text("/suche/?type=workshop&area=workshops"),
        "newest": json.loads(text("/api/v2/search/?sort=newest"))["items"][0]["title"],
        "suggested": text("/api/v2/search/suggest/?q=hob"),
        "sitemap": text("/sitemap.xml"),
        "feed": text("/suche/feed/?type=workshop"),
        "home": text("/"),
        "kept": kept,
    }
    print(json.dumps(seen))


main()
