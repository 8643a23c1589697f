"""Text-only blocks: headings, text, quotes, definitions, boxes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

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


class QuestionBoxBlock(blocks.StructBlock):
    """A box that says whom to ask."""

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
