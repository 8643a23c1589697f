"""A file as presentation, a part a slide, with notes for the speaker."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from tests.documents.archive import DECLARATION, content_types, pack, relations
from tests.documents.content import Content, Part

_SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_WIDTH, _HEIGHT = 12_192_000, 6_858_000
"""16 to 9, in the 914,400 units that an inch has here."""

_EMPTY_TREE = "<p:nvGrpSpPr><p:cNvPr id='1' name=''/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>"
_COLOURS = {
    "dk1": "1B1B1B", "lt1": "FFFFFF", "dk2": "1B3A4B", "lt2": "F4F1EA", "accent1": "1D5B79", "accent2": "A8471F",
    "accent3": "4B6B2F", "accent4": "6A4A8C", "accent5": "8A6A00", "accent6": "2F6B66", "hlink": "1D5B79",
    "folHlink": "6A4A8C",
}  # fmt: skip
_MAP = (
    '<p:clrMap bg1="lt1" tx1="dk1" bg2="lt2" tx2="dk2" accent1="accent1" accent2="accent2" accent3="accent3" '
    'accent4="accent4" accent5="accent5" accent6="accent6" hlink="hlink" folHlink="folHlink"/>'
)


def write(content: Content) -> bytes:
    """Return the file."""
    kinds = {
        "ppt/presentation.xml": "presentationml.presentation.main",
        "ppt/slideMasters/slideMaster1.xml": "presentationml.slideMaster",
        "ppt/slideLayouts/slideLayout1.xml": "presentationml.slideLayout",
        "ppt/notesMasters/notesMaster1.xml": "presentationml.notesMaster",
        "ppt/theme/theme1.xml": "theme",
        "ppt/theme/theme2.xml": "theme",
    }
    links = {
        "rId1": ("slideMaster", "slideMasters/slideMaster1.xml"),
        "rId2": ("notesMaster", "notesMasters/notesMaster1.xml"),
    }
    members = {
        "_rels/.rels": relations({"rId1": ("officeDocument", "ppt/presentation.xml")}),
        "ppt/slideMasters/slideMaster1.xml": _master(
            "sldMaster", '<p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/></p:sldLayoutIdLst>'
        ),
        "ppt/slideMasters/_rels/slideMaster1.xml.rels": relations(
            {"rId1": ("slideLayout", "../slideLayouts/slideLayout1.xml"), "rId2": ("theme", "../theme/theme1.xml")}
        ),
        "ppt/slideLayouts/slideLayout1.xml": _tree("sldLayout", ""),
        "ppt/slideLayouts/_rels/slideLayout1.xml.rels": relations(
            {"rId1": ("slideMaster", "../slideMasters/slideMaster1.xml")}
        ),
        "ppt/notesMasters/notesMaster1.xml": _master("notesMaster", ""),
        "ppt/notesMasters/_rels/notesMaster1.xml.rels": relations({"rId1": ("theme", "../theme/theme2.xml")}),
        "ppt/theme/theme1.xml": _theme(),
        "ppt/theme/theme2.xml": _theme(),
    }
    for number, part in enumerate(content.parts, start=1):
        slide, notes = f"ppt/slides/slide{number}.xml", f"ppt/notesSlides/notesSlide{number}.xml"
        kinds[slide] = "presentationml.slide"
        links[f"rId{number + 2}"] = ("slide", f"slides/slide{number}.xml")
        own = {"rId1": ("slideLayout", "../slideLayouts/slideLayout1.xml")}
        members[slide] = _slide(part)
        if part.notes:
            kinds[notes] = "presentationml.notesSlide"
            own["rId2"] = ("notesSlide", f"../notesSlides/notesSlide{number}.xml")
            members[notes] = _tree("notes", _shape(2, "body", [part.notes], 4_000_000))
            members[f"ppt/notesSlides/_rels/notesSlide{number}.xml.rels"] = relations(
                {
                    "rId1": ("notesMaster", "../notesMasters/notesMaster1.xml"),
                    "rId2": ("slide", f"../slides/slide{number}.xml"),
                }
            )
        members[f"ppt/slides/_rels/slide{number}.xml.rels"] = relations(own)
    ids = "".join(
        f'<p:sldId id="{255 + number}" r:id="rId{number + 2}"/>' for number in range(1, len(content.parts) + 1)
    )
    members["ppt/presentation.xml"] = (
        f'{DECLARATION}<p:presentation {_SPACES}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/>'
        f'</p:sldMasterIdLst><p:notesMasterIdLst><p:notesMasterId r:id="rId2"/></p:notesMasterIdLst>'
        f'<p:sldIdLst>{ids}</p:sldIdLst><p:sldSz cx="{_WIDTH}" cy="{_HEIGHT}"/>'
        f'<p:notesSz cx="{_HEIGHT}" cy="{_WIDTH}"/></p:presentation>'
    )
    members["ppt/_rels/presentation.xml.rels"] = relations(links)
    members["[Content_Types].xml"] = content_types(kinds)
    return pack(members, stored="[Content_Types].xml")


def _tree(name: str, shapes: str, more: str = "") -> str:
    return (
        f"{DECLARATION}<p:{name} {_SPACES}><p:cSld><p:spTree>{_EMPTY_TREE}{shapes}</p:spTree></p:cSld>{more}</p:{name}>"
    )


def _master(name: str, more: str) -> str:
    return _tree(name, "", _MAP + more)


def _slide(part: Part) -> str:
    lines = [*part.paragraphs, *(" – ".join(row) for row in part.table)]
    return _tree("sld", _shape(2, "title", [part.heading], 500_000) + _shape(3, "body", lines, 1_900_000))


def _shape(number: int, kind: str, paragraphs: Iterable[str], top: int) -> str:
    height = 1_200_000 if kind == "title" else 4_400_000
    size = 3600 if kind == "title" else 2000
    texts = "".join(
        f'<a:p><a:r><a:rPr lang="de-DE" sz="{size}"/><a:t>{escape(text)}</a:t></a:r></a:p>' for text in paragraphs
    )
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{number}" name="{kind}"/><p:cNvSpPr/><p:nvPr><p:ph type="{kind}"/></p:nvPr>'
        f'</p:nvSpPr><p:spPr><a:xfrm><a:off x="700000" y="{top}"/><a:ext cx="{_WIDTH - 1_400_000}" cy="{height}"/>'
        f'</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody><a:bodyPr wrap="square"/>'
        f"<a:lstStyle/>{texts}</p:txBody></p:sp>"
    )


def _theme() -> str:
    colours = "".join(f'<a:{name}><a:srgbClr val="{value}"/></a:{name}>' for name, value in _COLOURS.items())
    font = '<a:latin typeface="Arial"/><a:ea typeface=""/><a:cs typeface=""/>'
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>' * 3
    line = '<a:ln><a:solidFill><a:schemeClr val="phClr"/></a:solidFill></a:ln>' * 3
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>" * 3
    return (
        f'{DECLARATION}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Fundus">'
        f'<a:themeElements><a:clrScheme name="Fundus">{colours}</a:clrScheme><a:fontScheme name="Fundus"><a:majorFont>'
        f'{font}</a:majorFont><a:minorFont>{font}</a:minorFont></a:fontScheme><a:fmtScheme name="Fundus">'
        f"<a:fillStyleLst>{fill}</a:fillStyleLst><a:lnStyleLst>{line}</a:lnStyleLst><a:effectStyleLst>{effect}"
        f"</a:effectStyleLst><a:bgFillStyleLst>{fill}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>"
    )
