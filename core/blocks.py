"""The blocks that page bodies are built from; each has a template of its own and a preview for the editor."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

PREVIEW_TEMPLATE = "blocks/preview.html"


class HeadingBlock(blocks.StructBlock):
    """A heading inside the body; the level follows the page's outline."""

    text = blocks.CharBlock(label=_("Überschrift"), max_length=160)
    level = blocks.ChoiceBlock(
        label=_("Ebene"), choices=[("2", _("Abschnitt")), ("3", _("Unterabschnitt"))], default="2"
    )

    class Meta:
        icon = "title"
        label = _("Überschrift")
        template = "blocks/heading.html"
        preview_template = PREVIEW_TEMPLATE
        preview_value = {"text": "So gelingt der Einstieg", "level": "2"}
        description = _("Gliedert lange Texte; erscheint im Inhaltsverzeichnis der Vorlesehilfe.")


class TextBlock(blocks.RichTextBlock):
    """Running text with lists and links."""

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "blocks/text.html"
        preview_template = PREVIEW_TEMPLATE
        preview_value = "<p>Lesen Sie die Aufgabe gemeinsam und <b>klären Sie unbekannte Wörter</b>.</p>"
        description = _("Fließtext mit Listen und Verweisen.")


class PictureBlock(blocks.StructBlock):
    """A picture with alternative text, credit and, for complex figures, a long description."""

    image = ImageChooserBlock(label=_("Bild"))
    alt = blocks.CharBlock(
        label=_("Alternativtext"),
        required=False,
        max_length=300,
        help_text=_("Was auf dem Bild zu sehen ist. Nur bei reinem Schmuck leer lassen und das Häkchen setzen."),
    )
    decorative = blocks.BooleanBlock(label=_("Nur Schmuck, ohne Aussage"), required=False)
    caption = blocks.CharBlock(label=_("Bildunterschrift"), required=False, max_length=300)
    long_description = blocks.TextBlock(
        label=_("Lange Beschreibung"),
        required=False,
        help_text=_("Für Diagramme und Schaubilder: der Inhalt in Worten."),
    )

    class Meta:
        icon = "image"
        label = _("Bild")
        template = "blocks/picture.html"
        preview_template = PREVIEW_TEMPLATE
        description = _("Ein Bild mit Alternativtext, Unterschrift und Bildnachweis.")

    def clean(self, value: Any) -> Any:
        """Refuse a picture that says something but has no alternative text."""
        cleaned = super().clean(value)
        if not cleaned["alt"] and not cleaned["decorative"]:
            raise StructBlockValidationError(
                block_errors={
                    "alt": ValidationError(_("Bitte beschreiben Sie das Bild oder kennzeichnen Sie es als Schmuck."))
                }
            )
        return cleaned


class QuoteBlock(blocks.StructBlock):
    """A quotation and who said it."""

    text = blocks.TextBlock(label=_("Zitat"))
    source = blocks.CharBlock(label=_("Wer das sagt"), required=False, max_length=160)

    class Meta:
        icon = "openquote"
        label = _("Zitat")
        template = "blocks/quote.html"
        preview_template = PREVIEW_TEMPLATE
        preview_value = {"text": "Seit wir den Plan haben, fängt der Tag ruhig an.", "source": "Eine Lehrerin"}
        description = _("Ein wörtliches Zitat mit Quelle.")


class VideoLinkBlock(blocks.StructBlock):
    """A link to a video; nothing of the other site is loaded until the reader follows it."""

    title = blocks.CharBlock(label=_("Titel"), max_length=160)
    url = blocks.URLBlock(label=_("Adresse"))
    text = blocks.TextBlock(label=_("Was ist zu sehen?"), required=False)
    duration = blocks.CharBlock(label=_("Dauer"), required=False, max_length=40)

    class Meta:
        icon = "media"
        label = _("Video (Verweis)")
        template = "blocks/video.html"
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "title": "Gebärden im Morgenkreis",
            "url": "https://example.org/video/morgenkreis",
            "text": "Eine Klasse begrüßt sich mit sechs Gebärden.",
            "duration": "4 Minuten",
        }
        description = _("Verweist auf ein Video; es wird nichts von dort geladen, bevor jemand klickt.")


class DownloadBlock(blocks.StructBlock):
    """A file to download within the text."""

    document = DocumentChooserBlock(label=_("Datei"))
    title = blocks.CharBlock(label=_("Titel"), required=False, max_length=160)

    class Meta:
        icon = "download"
        label = _("Datei zum Herunterladen")
        template = "blocks/download.html"
        preview_template = PREVIEW_TEMPLATE
        description = _("Eine Datei mit Format und Größe.")


class StepBlock(blocks.StructBlock):
    """One step of a list of steps."""

    title = blocks.CharBlock(label=_("Schritt"), max_length=160)
    text = blocks.TextBlock(label=_("Was geschieht"), required=False)


class StepsBlock(blocks.StructBlock):
    """Numbered steps, such as the course of a lesson."""

    title = blocks.CharBlock(label=_("Titel"), required=False, max_length=160)
    steps = blocks.ListBlock(StepBlock(), label=_("Schritte"), min_num=1)

    class Meta:
        icon = "list-ol"
        label = _("Schrittfolge")
        template = "blocks/steps.html"
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "title": "So gehen Sie vor",
            "steps": [
                {"title": "Vorlesen", "text": "Lesen Sie die Aufgabe zweimal."},
                {"title": "Zeichnen", "text": ""},
            ],
        }
        description = _("Nummerierte Schritte.")


class DefinitionBlock(blocks.StructBlock):
    """A term and what it means."""

    term = blocks.CharBlock(label=_("Begriff"), max_length=160)
    text = blocks.TextBlock(label=_("Bedeutung"))

    class Meta:
        icon = "info-circle"
        label = _("Begriffserklärung")
        template = "blocks/definition.html"
        preview_template = PREVIEW_TEMPLATE
        preview_value = {"term": "Nachteilsausgleich", "text": "Andere Bedingungen, gleiche Anforderungen."}
        description = _("Erklärt ein Wort.")


class TimelineEntryBlock(blocks.StructBlock):
    """One milestone."""

    when = blocks.CharBlock(label=_("Wann"), max_length=80, required=False)
    title = blocks.CharBlock(label=_("Was"), max_length=160)
    text = blocks.TextBlock(label=_("Erläuterung"), required=False)


class TimelineBlock(blocks.StructBlock):
    """Milestones in order."""

    title = blocks.CharBlock(label=_("Titel"), required=False, max_length=160)
    entries = blocks.ListBlock(TimelineEntryBlock(), label=_("Einträge"), min_num=1)

    class Meta:
        icon = "calendar-alt"
        label = _("Zeitleiste")
        template = "blocks/timeline.html"
        preview_template = PREVIEW_TEMPLATE
        preview_value = {"title": "Meilensteine", "entries": [{"when": "2019", "title": "Auftakt", "text": ""}]}
        description = _("Meilensteine in zeitlicher Folge.")


class AimBlock(blocks.StructBlock):
    """One aim."""

    title = blocks.CharBlock(label=_("Ziel"), max_length=160)
    text = blocks.TextBlock(label=_("Erläuterung"), required=False)


class AimsBlock(blocks.StructBlock):
    """What somebody sets out to do."""

    title = blocks.CharBlock(label=_("Titel"), required=False, max_length=160)
    introduction = blocks.TextBlock(label=_("Einleitung"), required=False)
    aims = blocks.ListBlock(AimBlock(), label=_("Ziele"), min_num=1)

    class Meta:
        icon = "tick-inverse"
        label = _("Ziele")
        template = "blocks/aims.html"
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "title": "Unsere Ziele",
            "introduction": "",
            "aims": [
                {"title": "Kurze Wege", "text": "Wer Rat braucht, findet ihn in der Nähe."},
                {"title": "Gute Übergänge", "text": ""},
            ],
        }
        description = _("Ziele, jedes mit einem Satz dazu.")


class RetrospectivePartBlock(blocks.StructBlock):
    """What one part of something past was about."""

    title = blocks.CharBlock(label=_("Teil"), max_length=160, help_text=_("z. B. „Inhalte der ersten Webkonferenz“."))
    contents = blocks.ListBlock(blocks.CharBlock(label=_("Inhalt"), max_length=300), label=_("Inhalte"), min_num=1)


class RetrospectiveBlock(blocks.StructBlock):
    """A look back: what happened, and what each part was about."""

    title = blocks.CharBlock(label=_("Titel"), required=False, max_length=160)
    text = blocks.TextBlock(label=_("Was geschehen ist"), required=False)
    parts = blocks.ListBlock(RetrospectivePartBlock(), label=_("Teile"), min_num=1)

    class Meta:
        icon = "history"
        label = _("Rückblick")
        template = "blocks/retrospective.html"
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "title": "Rückblick",
            "text": "Der Tag hatte zwei Teile.",
            "parts": [{"title": "Am Vormittag", "contents": ["Ankommen", "Stand der Dinge"]}],
        }
        description = _("Ein Rückblick mit den Inhalten jedes Teils.")


class QuestionBoxBlock(blocks.StructBlock):
    """Whom to ask."""

    title = blocks.CharBlock(label=_("Titel"), max_length=160, default=_("Haben Sie Fragen?"))
    text = blocks.TextBlock(label=_("Text"), required=False)
    role = blocks.CharBlock(
        label=_("Wer antwortet"), required=False, max_length=160, help_text=_("Eine Stelle, keine Person.")
    )
    mail = blocks.EmailBlock(label=_("Funktionspostfach"), help_text=_("Keine persönliche Adresse."))
    phone = blocks.CharBlock(label=_("Telefon"), required=False, max_length=40)

    class Meta:
        icon = "help"
        label = _("Fragen und Kontakt")
        template = "blocks/question_box.html"
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "title": "Haben Sie Fragen?",
            "text": "Schreiben Sie uns oder rufen Sie an.",
            "role": "Geschäftsstelle",
            "mail": "kontakt@example.org",
            "phone": "030 23125 100",
        }
        description = _("Ein Kasten: wen man fragen kann.")


class GalleryPictureBlock(blocks.StructBlock):
    """One picture of a gallery."""

    image = ImageChooserBlock(label=_("Bild"))
    alt = blocks.CharBlock(label=_("Alternativtext"), max_length=300, help_text=_("Was auf dem Bild zu sehen ist."))
    caption = blocks.CharBlock(label=_("Bildunterschrift"), required=False, max_length=300)


class GalleryBlock(blocks.StructBlock):
    """Several pictures side by side; each can be opened in full."""

    title = blocks.CharBlock(label=_("Titel"), required=False, max_length=160)
    pictures = blocks.ListBlock(GalleryPictureBlock(), label=_("Bilder"), min_num=1, max_num=24)

    class Meta:
        icon = "image"
        label = _("Bildergalerie")
        template = "blocks/gallery.html"
        preview_template = PREVIEW_TEMPLATE
        description = _("Mehrere Bilder mit Bildnachweis, jedes lässt sich groß öffnen.")


class CallBlock(blocks.StructBlock):
    """A call to take part, and where to go with it."""

    title = blocks.CharBlock(label=_("Titel"), max_length=160)
    text = blocks.TextBlock(label=_("Worum es geht"))
    points = blocks.ListBlock(
        blocks.CharBlock(label=_("Punkt"), max_length=300), label=_("Was Sie tun können"), default=[]
    )
    label = blocks.CharBlock(label=_("Aufschrift"), max_length=80, default=_("Mitmachen"))
    page = blocks.PageChooserBlock(label=_("Seite"), required=False)
    mail = blocks.EmailBlock(label=_("oder Funktionspostfach"), required=False)

    class Meta:
        icon = "group"
        label = _("Aufruf zum Mitmachen")
        template = "blocks/call.html"
        preview_template = PREVIEW_TEMPLATE
        preview_value = {
            "title": "Wir suchen Ihr Beispiel",
            "text": "Was hat in Ihrer Klasse geholfen?",
            "points": ["eine Seite genügt"],
            "label": "Schreiben Sie uns",
            "page": None,
            "mail": "kontakt@example.org",
        }
        description = _("Ein Aufruf mit einem Knopf, der weiterführt.")

    def clean(self, value: Any) -> Any:
        """Ask for a page or a mailbox: a call must lead somewhere."""
        cleaned = super().clean(value)
        if not cleaned["page"] and not cleaned["mail"]:
            raise StructBlockValidationError(
                block_errors={"page": ValidationError(_("Bitte eine Seite wählen oder ein Postfach angeben."))}
            )
        return cleaned


class NextDatesBlock(blocks.StructBlock):
    """The next dates, of the whole network or of one cooperation network; always those of the moment."""

    count = blocks.IntegerBlock(label=_("Wie viele Termine"), default=3, min_value=1, max_value=12)
    network = blocks.PageChooserBlock(
        label=_("Nur von diesem Kooperationsverbund"), page_type="directory.NetworkPage", required=False
    )

    class Meta:
        icon = "date"
        label = _("Nächste Termine")
        template = "blocks/next_dates.html"
        preview_template = PREVIEW_TEMPLATE
        preview_value = {"count": 3, "network": None}
        description = _("Die nächsten Termine; ohne Termine steht hier nichts.")


class BodyBlock(blocks.StreamBlock):
    """The body of a page."""

    heading = HeadingBlock()
    text = TextBlock()
    picture = PictureBlock()
    quote = QuoteBlock()
    video = VideoLinkBlock()
    download = DownloadBlock()
    steps = StepsBlock()
    definition = DefinitionBlock()
    timeline = TimelineBlock()
    aims = AimsBlock()
    retrospective = RetrospectiveBlock()
    questions = QuestionBoxBlock()
    gallery = GalleryBlock()
    call = CallBlock()
    next_dates = NextDatesBlock()
    table = TableBlock(
        label=_("Tabelle"),
        template="blocks/table.html",
        preview_template=PREVIEW_TEMPLATE,
        preview_value={
            "data": [["Phase", "Zeit"], ["Einstieg", "10 min"]],
            "first_row_is_table_header": True,
            "first_col_is_header": False,
            "table_caption": "Verlauf der Stunde",
        },
        description=_("Eine Tabelle mit Kopfzeile und Beschriftung."),
    )

    class Meta:
        # A second list of the same dates says nothing new.
        block_counts = {"next_dates": {"max_num": 1}}


def downloads(stream: Any) -> list[tuple[int, str]]:
    """Return the files to download within a body: id of the document, and the title the page gives it.

    Read from what is stored, so that it costs no query.
    """
    found = []
    for block in stream.raw_data if stream else ():
        if block["type"] == "download" and block["value"].get("document"):
            found.append((int(block["value"]["document"]), block["value"].get("title") or ""))
    return found
