"""What a page shows of a file beside its link: a player with captions and transcript, the list of a bundle, a picture.

Only of files that were read and are what their names say; everything works without scripts. Most files have nothing of
it, and cost no query.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.output.text import clock
from media.kinds import RECORDINGS, Kind
from media.models import Document, ExtractedText, ExtractionStatus
from media.texts import at_time, recordings_of, sentences

MOST_MEMBERS = 200
"""Members of a bundle that a page lists; the rest is counted."""

MOST_SENTENCES = 2_000
"""Lines of a transcript: some three hours."""

SHORT_TRANSCRIPT = 12
"""Lines that do not push the rest of the page away."""

MOST_PICTURE_BYTES = 5_000_000
"""A larger picture is only linked: nobody on a phone asked for it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a transcript: when, the address of the recording from then on, and what is said."""

    time: str
    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Track:
    """Captions for a player: which document's, in which language, and what they are called."""

    document: int
    language: str
    label: str


@dataclass(frozen=True, slots=True)
class Player:
    """A recording to be played in the page."""

    is_film: bool
    content_type: str
    tracks: tuple[Track, ...] = ()
    transcript: tuple[Line, ...] = ()

    @property
    def opens(self) -> bool:
        """Whether the transcript is open from the start: no browser shows captions of sound."""
        return not self.is_film and len(self.transcript) <= SHORT_TRANSCRIPT


@dataclass(frozen=True, slots=True)
class Listing:
    """The members of a bundle: the first names, and how many more there are."""

    names: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is itself the material, with its size in pixels and its alternative text."""

    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to show of one file."""

    player: Player | None = None
    listing: Listing | None = None
    picture: Picture | None = None
    about: tuple[str, ...] = field(default=())


NOTHING = Shown()

Neighbours = Callable[[], Sequence[Document]]
"""Returns the public files of a page in order, asked only for a recording."""


def shown(document: Document, neighbours: Neighbours) -> Shown:
    """Return what a page shows of a document besides its link."""
    kind = document.ending.kind if document.ending and document.is_whole else None
    if kind in RECORDINGS:
        return Shown(player=_player(document, neighbours()))
    if kind == Kind.BUNDLE:
        return Shown(listing=_listing(document))
    facts = document.measured
    if kind == Kind.PICTURE and facts.width and facts.height and (document.file_size or 0) <= MOST_PICTURE_BYTES:
        return Shown(picture=Picture(facts.width, facts.height, document.description))
    if kind == Kind.EXERCISE:
        return Shown(about=tuple(value for value in (facts.title, facts.type, facts.licence, facts.authors) if value))
    return NOTHING


def _player(document: Document, neighbours: Sequence[Document]) -> Player:
    spoken = recordings_of(neighbours)
    captions = [
        one
        for one in neighbours
        if spoken.get(one.pk) == document and one.extraction_status == ExtractionStatus.DONE and one.sha256
    ]
    is_film = document.ending is not None and document.ending.kind == Kind.FILM
    if not captions:
        return Player(is_film, document.content_type)
    tracks = tuple(Track(one.pk, one.measured.language or "de", one.title) for one in captions)
    text = ExtractedText.objects.filter(sha256=captions[0].sha256).first()
    lines = sentences(text.pieces) if text is not None else ()
    transcript = tuple(
        Line(clock(line.start), at_time(document.url, line.start), line.text)
        for line, _number in zip(lines, range(MOST_SENTENCES), strict=False)
    )
    return Player(is_film, document.content_type, tracks, transcript)


def _listing(document: Document) -> Listing | None:
    text = ExtractedText.objects.filter(sha256=document.sha256).first()
    if text is None:
        return None
    names = tuple(piece["text"] for piece in text.pieces[:MOST_MEMBERS])
    return Listing(names, max((document.measured.members or 0) - len(names), 0))
