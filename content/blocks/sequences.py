"""Blocks with several ordered parts: steps, timelines, aims, retrospectives."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from content.blocks.text import PREVIEW_TEMPLATE


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
    """One part of a past event, and what it was about."""

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
