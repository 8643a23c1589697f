"""What the tests do on the site of the compose file, each in a process with the environment of `web`."""

from __future__ import annotations

import datetime
import json

from django.core.files.base import ContentFile
from django.test import Client, override_settings
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction

from accounts.models import SecondFactor
from accounts.standing import PASSED
from core.models import User
from library.models import LibraryIndexPage, MaterialFile, MaterialPage
from media.models import Document
from search.engines.current import get_engine
from search.engines.elasticsearch.engine import ElasticsearchEngine
from tests.attachments import add_file, pages
from tests.published import add_document, add_image, add_page

CONTENT = b"%PDF-1.7\n" + bytes(range(200)) * 50 + b"\n%%EOF\n"
WAIT_SECONDS = 2


def _schedule(page: MaterialPage) -> None:
    """Have a page appear in some seconds, by whoever looks at the clock then."""
    page.go_live_at = timezone.now() + datetime.timedelta(seconds=WAIT_SECONDS)
    page.save_revision().publish()


def publish() -> None:
    """Make pages, files and pictures for everybody and for nobody; print addresses and headers as JSON."""
    assert isinstance(get_engine(), ElasticsearchEngine)
    library = LibraryIndexPage.objects.get(locale__language_code="de")
    document = Document(title="Übung", file=ContentFile(CONTENT, name="Übung zwei.pdf"))
    document._set_document_file_metadata()
    document.save()
    draft, locked = add_document("Entwurf", "entwurf.pdf"), add_document("Verschlossen", "verschlossen.pdf")
    locked.collection = Collection.get_first_root_node().add_child(name="Intern")
    locked.save()
    CollectionViewRestriction.objects.create(collection=locked.collection, restriction_type="login")
    cover, draft_cover = add_image("Umschlag", "umschlag.png"), add_image("Geheimer Umschlag", "geheim.png")
    read = add_file("Pflege", "pflege.pdf", pages("Rüsselpflege leicht gemacht"))
    page = add_page(
        library,
        "elefanten",
        title="Die Elefantenhaltung",
        cover=cover,
        cover_alt="Ein Elefant",
        files=[MaterialFile(document=document), MaterialFile(document=locked), MaterialFile(document=read)],
    )
    add_page(
        library,
        "entwurf",
        publish=False,
        cover=draft_cover,
        cover_alt="Geheim",
        files=[MaterialFile(document=draft)],
    )
    _schedule(add_page(library, "nilpferde", title="Die Nilpferdhaltung", publish=False))
    scaled = "fill-640x400-c100|format-webp"
    addresses = {
        "page": page.get_url(),
        "document": document.url,
        "document_file": document.file.name,
        "draft": draft.url,
        "locked": locked.url,
        "picture": cover.get_rendition(scaled).url,
        "draft_picture": draft_cover.get_rendition(scaled).url,
    }
    headers = {kind: _headers(addresses[kind]) for kind in ("document", "picture")}
    print(json.dumps({"addresses": addresses, "headers": headers}))


def log_in() -> None:
    """Log an editor in, second factor included; print the session's key as JSON."""
    client, chief = Client(), User.objects.create_superuser("chefin")
    client.force_login(chief)
    session = client.session
    session[PASSED] = SecondFactor.objects.create(account=chief, secret="sealed").pk
    session.save()
    print(json.dumps(session.session_key))


@override_settings(ACCEL_REDIRECT="")
def _headers(address: str) -> dict[str, str]:
    """Return the headers with which the site itself sends a file."""
    response = Client(headers={"host": "localhost"}).get(address, secure=True)
    assert response.status_code == 200
    assert b"".join(response)
    return {name.lower(): value for name, value in response.items()}
