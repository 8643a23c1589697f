"""What a visitor can ask about a hidden page who knows its words, its topic, its title, its id and its address."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from urllib.parse import quote

from django.test import Client
from django.utils import timezone

from search.models import QueryCount
from search.usage.verdicts import offer
from tests.words import unbroken
from vocabularies.models import Topic

MISSING = 10**6
"""An id that nothing has."""

EXPORTS = tuple(f"/merkliste/export/?format={kind}&" for kind in ("ris", "bibtex", "csv"))
FILTERS = ("focus=lernen", "focus=sehen")
FURTHER_FILTERS = ("focus=lernen&audience=lehrkraefte", "type=book&focus=lernen")


@dataclass(frozen=True)
class Hidden:
    """A hidden page: its word stands in title, summary and body, the topic on it alone."""

    state: str
    word: str
    id: int
    parent: int
    slug: str
    path: str

    @property
    def topic(self) -> str:
        """Name of the topic; its slug is another spelling, so that asking for it does not repeat it."""
        return f"Thema {self.word}kunde"


def read(path: str) -> tuple[int, str]:
    """Return status and everything else a visitor gets: headers and body."""
    response = Client().get(path)
    assert response.status_code < 500, path
    assert not response.cookies, path
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return response.status_code, f"{headers}\n{unbroken(response.content)}"


def traces(text: str, page: Hidden) -> list[str]:
    """Return what of a hidden page shows in a text."""
    lowered = text.lower()
    # The live version of a page with a newer draft has its address, of course.
    slugs = [] if page.state == "draft of a live page" else [f"{page.slug}/", f'"id": {page.id},']
    return [trace for trace in (page.word.lower(), page.topic.lower(), *slugs) if trace in lowered]


def _queries(page: Hidden) -> tuple[str, str, str]:
    """Return the page's own word, its title as a phrase, and a typing error."""
    word = page.word
    return quote(word), f"%22Titel+{word}%22", quote(word[0] + word[2] + word[1] + word[3:])


def asked_for(page: Hidden) -> None:
    """Ask for the page's own words, for a typing error in them, and for its topic."""
    queries = _queries(page)
    for query in queries:
        answer = Client().get(f"/api/v2/search/?q={query}").json()
        assert (answer["meta"]["total_count"], answer["meta"]["did_you_mean"]) == (0, None)
    typo = queries[-1]
    text = read(f"/suche/?q={typo}")[1]
    assert "Keine Treffer" in text
    assert traces(text, page) == []
    assert traces(read(f"/suche/?q=lernen+{typo}")[1], page) == []
    slug = _slug_of_topic(page)
    assert page.topic not in read(f"/suche/?topic={slug}")[1]
    # What exists only on hidden pages answers as what does not exist.
    reasons = [Client().get(f"/api/v2/search/?topic={name}") for name in (slug, "gibtesnicht")]
    assert [answer.status_code for answer in reasons] == [400, 400]
    assert reasons[0].json()["errors"][0]["reason"] == reasons[1].json()["errors"][0]["reason"]


def _slug_of_topic(page: Hidden) -> str:
    return Topic.objects.filter(name=page.topic).values_list("slug", flat=True).first() or "thema"


def asked_for_otherwise(page: Hidden) -> None:
    """Ask for the same by the ways that put the same questions to the engine."""
    for query in _queries(page):
        assert "<entry>" not in Client().get(f"/suche/feed/?q={query}").content.decode()
    for query in _queries(page)[:-1]:
        assert "Keine Treffer" in Client().get(f"/suche/?q={query}").content.decode()
    slug = _slug_of_topic(page)
    for path in (f"/suche/feed/?topic={slug}", f"/foerderschwerpunkt/lernen/?topic={slug}"):
        assert page.topic not in read(path)[1]
    for filters in FURTHER_FILTERS:
        _without_help(page, filters)


def on_a_list(page: Hidden, missing: dict[str, tuple[int, str]]) -> None:
    """Ask for the page by its id: it answers as an id that nothing has."""
    if page.state == "draft of a live page":
        assert traces(read(f"/merkliste/?id={page.id}")[1], page) == []
        return
    for address, answer in missing.items():
        assert read(f"{address}id={page.id}") == answer
        assert (answer[0] == 404) == (address in EXPORTS)


def suggested(page: Hidden) -> None:
    """Type the page's title, its topic and a search that was frequent while all could see it."""
    for ago in range(3):
        QueryCount.objects.create(
            day=timezone.localdate() - datetime.timedelta(days=ago),
            key=page.word.lower(), text=page.word, hits="1-9", count=9,
        )  # fmt: skip
    assert offer(page.word.lower())
    for typed in (page.word[:2], page.word[:4], page.word, f"Titel {page.word[:3]}", f"Thema {page.word[:3]}"):
        answer = Client().get("/api/v2/search/suggest/", {"q": typed, "limit": 20})
        assert answer.status_code == 200
        assert traces(unbroken(answer.content), page) == [], typed
    if page.state != "draft of a live page":
        found, missing = (Client().get("/api/v2/search/similar/", {"id": id}) for id in (page.id, MISSING))
        assert found.status_code == missing.status_code == 404
        assert found.json() == {"errors": [{**missing.json()["errors"][0], "value": str(page.id)}]}


def helped(page: Hidden) -> None:
    """Ask for what finds nothing, with filters that the page fits: no count, no similar word tells of it."""
    for filters in FILTERS:
        _without_help(page, filters)
    for query in (page.word[:6] + "ern", page.word[:-2]):
        text = read(f"/suche/?q={quote(query)}")[1]
        assert "Ähnliche Wörter" not in text
        assert traces(text, page) == []


def _without_help(page: Hidden, filters: str) -> None:
    text = read(f"/suche/?q={quote(page.word)}&{filters}")[1]
    assert "Keine Treffer" in text
    assert "ohne Förderschwerpunkt" not in text
    assert "ganz ohne Filter" not in text


def pages_api(hidden: list[Hidden]) -> None:
    """Ask Wagtail's API for each page, its surroundings and its address."""
    addresses = ("/api/v2/pages/{}/", "/api/v2/pages/find/?id={}", "/api/v2/pages/?ancestor_of={}&fields=title")
    missing = {path: read(path.format(MISSING)) for path in addresses}
    around = {
        f"/api/v2/pages/?{name}={parent}&fields=title"
        for name in ("child_of", "descendant_of")
        for parent in {page.parent for page in hidden}
    }
    for path in around:
        text = read(path)[1]
        assert {page.state: found for page in hidden if (found := traces(text, page))} == {}, path
    for page in hidden:
        for path in addresses:
            if page.state == "draft of a live page":
                assert page.word not in unbroken(Client().get(path.format(page.id), follow=True).content)
                continue
            answer = read(path.format(page.id))
            assert not re.search(rf"\b{page.id}\b", answer[1]), page.state
            assert answer == missing[path], page.state
        for asked in (f"id={page.id}", f"slug={page.slug}"):
            assert traces(read(f"/api/v2/pages/?{asked}&fields=title")[1], page) == [], page.state
        if page.state != "draft of a live page":
            assert read(f"/api/v2/pages/find/?html_path={page.path}")[0] == 404, page.state
