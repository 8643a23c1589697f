"""Files and pictures are as private as the pages that use them, in lists and by their address."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection, CollectionViewRestriction, GroupCollectionPermission, Page, PageViewRestriction

from core.declared.people import of_people
from core.models import User
from home.models import HomePick
from library.models import LibraryIndexPage, LibraryPage, MaterialFile, MaterialPage, RelatedPage
from media.covers import COVER_FILTER
from media.models import Document, Image
from tests.published import add_document, add_image, add_page, settle

Hide = Callable[[Page], None]


def _draft(page: Page) -> None:
    page.unpublish()


def _delete(page: Page) -> None:
    page.delete()


def _end(page: Page) -> None:
    LibraryPage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - datetime.timedelta(seconds=1))


def _restrict(kind: str, *, parent: bool = False) -> Hide:
    def hide(page: Page) -> None:
        target = page.get_parent() if parent else page
        PageViewRestriction.objects.create(page=target, restriction_type=kind, password="geheim")

    return hide


HIDE: dict[str, Hide] = {
    "draft": _draft,
    "deleted": _delete,
    "expired by the clock": _end,
    "password": _restrict("password"),
    "login": _restrict("login"),
    "groups": _restrict("groups"),
    "password on the parent": _restrict("password", parent=True),
}


@pytest.fixture
def document(db: None) -> Document:
    return add_document("Streng geheimes Blatt", "streng-geheim.pdf")


@pytest.fixture
def image(db: None) -> Image:
    return add_image("Streng geheimes Bild", "streng-geheim.png")


@pytest.fixture
def page(library: LibraryIndexPage, document: Document, image: Image) -> MaterialPage:
    """A public page with a file, a cover and a picture in its text."""
    return add_page(
        library,
        "traegerin",
        cover=image,
        cover_alt="Ein Bild",
        files=[MaterialFile(document=document)],
    )


@pytest.fixture
def editor(db: None) -> Client:
    """Somebody who may add documents and images, logged in."""
    group = Group.objects.create(name="Ablage")
    for codename in ("add_document", "add_image"):
        permission = Permission.objects.get(codename=codename, content_type__app_label="media")
        GroupCollectionPermission.objects.create(
            group=group, collection=Collection.get_first_root_node(), permission=permission
        )
    user = User.objects.create_user("ablage")
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


def addresses(document: Document, image: Image) -> list[str]:
    """Return every address under which file and picture could be fetched."""
    return [document.url, image.get_rendition(COVER_FILTER).url]


def test_a_cover_of_a_private_collection_is_not_even_named(
    library: LibraryIndexPage, page: MaterialPage, image: Image
) -> None:
    add_page(library, "verweis", related_pages=[RelatedPage(related_id=page.pk)])
    HomePick.objects.create(page=library.get_parent().specific, pick_id=page.pk)
    settle()
    paths = [
        "/",
        "/bibliothek/verweis/",
        "/bibliothek/traegerin/",
        "/suche/",
        f"/merkliste/?id={page.pk}",
        "/api/v2/search/",
    ]
    names = [image.get_rendition(COVER_FILTER).url]
    shown = "".join(Client().get(path).content.decode() for path in paths)
    assert [name for name in names if name not in shown] == []
    secret = Collection.get_first_root_node().add_child(name="geheim")
    CollectionViewRestriction.objects.create(collection=secret, restriction_type=CollectionViewRestriction.LOGIN)
    image.collection = secret
    image.save()
    settle()
    for path in paths:
        text = Client().get(path).content.decode()
        assert [name for name in names if name in text] == [], path


def fetch(client: Client, path: str) -> Any:
    """Return the response, read to its end as a browser would."""
    response = client.get(path)
    if response.streaming:
        assert b"".join(response)
    return response


def statuses(client: Client, paths: list[str]) -> set[int]:
    return {fetch(client, path).status_code for path in paths}


def listed(client: Client) -> str:
    return "".join(client.get(f"/api/v2/{kind}/?fields=*").content.decode() for kind in ("documents", "images"))


def test_what_a_public_page_uses_is_listed_and_served(page: MaterialPage, document: Document, image: Image) -> None:
    assert statuses(Client(), addresses(document, image)) == {200}
    text = listed(Client())
    assert "Streng geheimes Blatt" in text
    assert "Streng geheimes Bild" in text
    assert Client().get(f"/api/v2/documents/{document.pk}/").status_code == 200
    answer = Client().get(f"/api/v2/images/{image.pk}/").json()
    assert answer["title"] == "Streng geheimes Bild"
    assert answer["meta"]["download_url"] == image.get_rendition(COVER_FILTER).url


@pytest.mark.parametrize("state", ["public", *HIDE])
def test_originals_are_for_editors_whatever_the_state_of_the_page(
    state: str, page: MaterialPage, image: Image, editor: Client
) -> None:
    # What the editors' own pages link is a copy in name only.
    paths = [image.file.url, image.get_rendition("original").url, image.get_rendition("original|format-png").url]
    if state != "public":
        HIDE[state](page)
    guest = Client()
    guest.force_login(User.objects.create_user("gast"))
    for reader in (Client(), guest):
        assert statuses(reader, paths) == {404}
    for path in paths:
        assert fetch(editor, path)["Cache-Control"] == "private, no-store"
    assert statuses(editor, paths) == {200}


@pytest.mark.parametrize("state", HIDE)
def test_what_only_a_hidden_page_uses_is_neither_listed_nor_served(
    state: str, page: MaterialPage, document: Document, image: Image, editor: Client
) -> None:
    paths = addresses(document, image)
    HIDE[state](page)
    assert statuses(Client(), paths) == {404}
    assert "geheim" not in listed(Client())
    for kind, instance in (("documents", document), ("images", image)):
        for path in (f"/api/v2/{kind}/{instance.pk}/", f"/api/v2/{kind}/find/?id={instance.pk}"):
            response = Client().get(path)
            assert response.status_code == 404, path
            assert "geheim" not in response.content.decode()
    # Editors go on working with it; others with a login are visitors.
    assert statuses(editor, paths) == {200}
    visitor = Client()
    visitor.force_login(User.objects.create_user("gast"))
    if state != "login":
        assert statuses(visitor, paths) == {404}


def test_a_file_that_nothing_uses_is_nobodys_but_the_editors(document: Document, image: Image, editor: Client) -> None:
    assert statuses(Client(), addresses(document, image)) == {404}
    assert statuses(editor, addresses(document, image)) == {200}
    assert "geheim" not in listed(Client())


def test_a_file_in_the_newer_draft_of_a_public_page_waits_for_it(library: LibraryIndexPage, document: Document) -> None:
    page = add_page(library, "seite")
    page.files = [MaterialFile(document=document)]
    revision = page.save_revision()
    assert Client().get(document.url).status_code == 404
    revision.publish()
    assert statuses(Client(), [document.url]) == {200}


def test_a_file_taken_off_a_page_is_no_longer_public(page: MaterialPage, document: Document) -> None:
    assert statuses(Client(), [document.url]) == {200}
    changed = MaterialPage.objects.get(pk=page.pk)
    changed.files = []
    changed.save_revision().publish()
    assert statuses(Client(), [document.url]) == {404}


def test_whoever_has_opened_a_page_by_its_password_gets_its_files(
    page: MaterialPage, document: Document, image: Image
) -> None:
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="password", password="geheim")
    reader = Client()
    paths = addresses(document, image)
    assert statuses(reader, paths) == {404}
    reader.post(
        f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/",
        {"password": "geheim", "return_url": page.get_url()},
    )
    assert reader.get(page.get_url()).status_code == 200
    assert statuses(reader, paths) == {200}
    assert statuses(reader, [image.file.url]) == {404}
    _draft(MaterialPage.objects.get(pk=page.pk))
    assert statuses(reader, paths) == {404}


def test_a_file_of_a_private_collection_is_not_for_visitors_whoever_uses_it(
    page: MaterialPage, document: Document, image: Image
) -> None:
    paths = addresses(document, image)
    private = Collection.get_first_root_node().add_child(name="Intern")
    CollectionViewRestriction.objects.create(collection=private, restriction_type="login")
    for instance in (document, image):
        instance.collection = private
        instance.save()
    refused = [Client().get(path) for path in paths]
    assert [response.status_code for response in refused] == [302, 404]
    assert "geheim" not in listed(Client())
    answer = Client().get(f"/api/v2/pages/{page.pk}/").json()
    assert answer["files"] == []
    assert document.url not in Client().get(page.get_url()).content.decode()


def test_the_media_folder_has_no_address_of_its_own(page: MaterialPage, document: Document, image: Image) -> None:
    name = document.file.name
    for path in (
        f"/media/{name}",
        "/media/",
        "/media/documents/",
        "/media/images/",
        "/media/original_images/",
        f"/media/images/../{name}",
        f"/media/images/..%2f{name}",
        f"/media/original_images/%2e%2e/{name}",
        "/media/images/../../db.sqlite3",
        "/media/images/%00",
        "/media/original_images/a%00b.png",
    ):
        assert Client().get(path).status_code == 404, path


def test_a_private_picture_is_kept_out_of_shared_caches(page: MaterialPage, image: Image, editor: Client) -> None:
    path = image.get_rendition("max-165x165").url
    assert fetch(Client(), path)["Cache-Control"] == "public, max-age=86400"
    _draft(page)
    assert fetch(editor, path)["Cache-Control"] == "private, no-store"


def test_a_picture_that_a_page_of_people_shows_is_asked_for_again_each_time(
    page: MaterialPage, image: Image, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = image.get_rendition("max-165x165").url
    monkeypatch.setattr(of_people, "_PAGES", {})
    of_people.register("nobody", lambda: Page.objects.none().values("pk"))
    assert fetch(Client(), path)["Cache-Control"] == "public, max-age=86400"
    of_people.register("one", lambda: Page.objects.filter(pk=page.pk).values("pk"))
    first = fetch(Client(), path)
    assert first["Cache-Control"] == "private, no-cache"
    assert Client().get(path, headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    assert fetch(Client(), document.url)["Cache-Control"] == "private, no-cache"


CODE = "zwirbelquark-fahlgnom"
DATA = (
    *("/api/v2/pages/?fields=*&limit=100", "/api/v2/pages/?type=library.MaterialPage&fields=*", "/api/v2/images/"),
    *("/api/v2/documents/?fields=*", "/api/v2/pages/{id}/?fields=*", "/api/v2/pages/find/?id={id}"),
    *("/api/v2/search/?q=Silbenkiste", "/api/v2/search/suggest/?q=Silben", "/api/v2/search/similar/?id={id}"),
    *("/merkliste/?id={id}", "/merkliste/export/?id={id}&format=ris", "/merkliste/export/?id={id}&format=csv"),
    *("/oai/?verb=ListRecords&metadataPrefix=oai_dc", "/suche/feed/?q=Silbenkiste", "/sitemap.xml"),
    *("/neuigkeiten/feed/", "/termine/ical/", "/koopv/export/"),
)
"""Where programs read, with the key of the page."""


def test_a_code_opens_the_page_alone_and_stands_nowhere(
    page: MaterialPage, document: Document, image: Image, caplog: pytest.LogCaptureFixture
) -> None:
    Page.objects.filter(pk=page.pk).update(title="Silbenkiste Quarkmurkel")
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="password", password=CODE)
    settle()
    reader, form = Client(), f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"
    asked = reader.get(page.get_url())
    wrong = reader.post(form, {"password": f"{CODE}x", "return_url": page.get_url()})
    assert reader.post(form, {"password": CODE, "return_url": page.get_url()}).status_code == 302
    opened = reader.get(page.get_url())
    assert "Quarkmurkel" in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    for answer in (asked, wrong, opened):
        assert CODE not in answer.content.decode().replace(f"{CODE}x", "")
    # Lists and data are for everybody or nobody: they are the same for whoever has opened the page.
    for who in (reader, Client()):
        for path in DATA:
            answer = who.get(path.format(id=page.pk))
            body = b"".join(answer) if answer.streaming else answer.content
            assert answer.status_code < 500
            for told in (CODE, "Quarkmurkel", page.slug, document.file.name, image.file.name):
                assert told not in body.decode(errors="replace"), (path, told)
    assert CODE not in caplog.text
