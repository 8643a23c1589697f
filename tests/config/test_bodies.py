"""Bodies are small, but for editors and for forms that are declared to take files; the program refuses the rest itself."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from django.core.exceptions import BadRequest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory

from core.declared import file_forms
from core.declared.file_forms import FILES, FORM_BYTES, MOST_BYTES
from core.models import User
from library.models import LibraryIndexPage

FORM = "/mitmachen/einreichen/"


@pytest.fixture
def form() -> Iterator[None]:
    """A form that takes files."""
    file_forms.declare(FORM)
    yield
    file_forms._paths.discard(FORM)


@pytest.mark.parametrize(
    "path", ["/barriere-melden/", "/suche/", "/", "/admin/login/", "/admin/images/add/", "/api/v2/pages/"]
)
def test_a_strangers_body_is_refused_before_it_is_read(library: LibraryIndexPage, path: str) -> None:
    unread = BytesIO(b"x" * (MOST_BYTES + 1))
    response = Client().generic("POST", path, b"", **{"wsgi.input": unread, "CONTENT_LENGTH": str(MOST_BYTES + 1)})
    assert response.status_code == 413
    assert unread.tell() == 0
    assert "zu viel auf einmal" in response.content.decode()
    assert "default-src 'none'" in response["Content-Security-Policy"] or path.startswith("/admin/")


def test_what_fits_is_taken_and_a_size_that_is_no_number_is_none(library: LibraryIndexPage) -> None:
    assert Client().post("/suche/", {"q": "x" * (MOST_BYTES - 300)}).status_code == 200
    assert Client().generic("POST", "/suche/", b"", CONTENT_LENGTH="viel").status_code == 200


def test_an_editor_sends_much_and_a_declared_form_takes_its_files(admin_client: Client, form: None) -> None:
    size = {"CONTENT_LENGTH": str(FORM_BYTES), "CONTENT_TYPE": "application/x-www-form-urlencoded"}
    for path in (FORM, f"/en{FORM}"):
        assert Client().generic("POST", path, b"", **size).status_code == 404
        assert Client().generic("POST", path, b"", CONTENT_LENGTH=str(FORM_BYTES + 1)).status_code == 413
    assert Client().generic("POST", "/mitmachen/", b"", **size).status_code == 413
    assert admin_client.generic("POST", "/admin/images/add/", b"", **size).status_code != 413


def test_a_declared_form_takes_three_files_of_bounded_size(form: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def sent(path: str, *sizes: int) -> tuple[int, list[str]]:
        """Return how many files arrive, and the names of those that do not; the rest of the form always does."""
        files = {
            f"datei{number}": SimpleUploadedFile(f"{number}.pdf", b"x" * size) for number, size in enumerate(sizes)
        }
        request = RequestFactory().post(path, {"text": "getippt", **files, "danach": "auch"})
        assert (request.POST["text"], request.POST["danach"]) == ("getippt", "auch")
        return len(request.FILES), file_forms.left_out(request)

    assert sent(FORM, 10, 10, 10) == (FILES, [])
    assert sent(FORM, *(10,) * (FILES + 1)) == (FILES, [f"{FILES}.pdf"])
    with pytest.raises(BadRequest):
        sent("/mitmachen/", 10)
    monkeypatch.setattr(file_forms, "FILE_BYTES", 100)
    assert sent(FORM, 100) == (1, [])
    assert sent(FORM, 10, 101, 10) == (2, ["1.pdf"])


def test_a_path_that_the_proxy_could_not_match_is_no_declaration() -> None:
    for path in ("mitmachen/", "/mitmachen", "/mit(machen)/"):
        with pytest.raises(ValueError, match="is no path"):
            file_forms.declare(path)


@pytest.mark.django_db
def test_a_session_of_nobody_keeps_no_file() -> None:
    client = Client()
    client.cookies["sessionid"] = "x" * 32
    file = SimpleUploadedFile("gross.pdf", b"x" * (MOST_BYTES + 1))
    assert client.post("/admin/images/add/", {"file": file}).status_code in (302, 400)
    assert not User.objects.filter(username="x").exists()


@pytest.mark.parametrize("path", ["/suche/", "/barriere-melden/", "/api/v2/search/", "/_util/login/"])
def test_a_body_that_is_no_form_is_refused_by_its_type(library: LibraryIndexPage, path: str) -> None:
    for content_type in ("application/json", "application/xml", "text/plain", ""):
        assert Client().generic("POST", path, b"{}", content_type).status_code == 415, content_type
