"""A picture's file holds the picture: nothing of where, when, by whom and with what, in any format."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from media.metadata.strip import UnreadableError, stripped
from tests.media.pictures import KINDS, PROFILE, SIDEWAYS, clean, shown, telling, told


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_tells_nothing_any_more_and_looks_the_same(kind: str) -> None:
    content = telling(kind)
    assert told(content), "the test's own file says nothing"
    bare = stripped(content)
    assert told(bare) == []
    assert shown(bare) == shown(content)
    with Image.open(io.BytesIO(bare)) as picture:
        assert set(picture.getexif()) <= {0x0112}
        assert not picture.getexif().get_ifd(0x8825)
        assert {"comment", "xmp", "photoshop", "Author"}.isdisjoint(picture.info)
    assert stripped(bare) == bare


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "avif"])
def test_which_side_is_up_and_the_colour_profile_stay(kind: str) -> None:
    _frames, orientation, profile, _loop = shown(stripped(telling(kind)))
    assert (orientation, profile) == (SIDEWAYS, PROFILE)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_a_clean_file_stays_byte_for_byte(format: str) -> None:
    content = clean(format)
    assert stripped(content) == content


def test_further_pictures_in_the_file_of_a_camera_go() -> None:
    file = io.BytesIO()
    first, second = (Image.effect_noise((60, 40), spread).convert("RGB") for spread in (50, 90))
    first.save(file, "MPO", save_all=True, append_images=[second])
    bare = stripped(file.getvalue())
    with Image.open(io.BytesIO(bare)) as picture:
        assert (picture.format, getattr(picture, "n_frames", 1)) == ("JPEG", 1)
    assert bare.count(b"\xff\xd8\xff") == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_file_is_refused_and_nothing_else_happens(kind: str) -> None:
    content = telling(kind)
    for cut in (1, 9, 40, len(content) // 3, len(content) // 2):
        try:
            assert told(stripped(content[:cut])) == []
        except UnreadableError:
            continue


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"%PDF-1.7", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableError):
        stripped(content)
