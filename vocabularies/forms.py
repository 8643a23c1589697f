"""The forms of concepts and topics."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from core.output.text import german_slug


class ConceptForm(WagtailAdminModelForm):
    """Form of a concept: slug and vocabulary are set once, cycles are refused."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        if self.instance.pk:
            for name in ("slug", "vocabulary"):
                self.fields[name].disabled = True
            if "broader" in self.fields:
                siblings = type(self.instance).objects.filter(vocabulary=self.instance.vocabulary_id)
                self.fields["broader"].queryset = siblings.exclude(pk=self.instance.pk)
        else:
            # Offered once the vocabulary is known: a list of all vocabularies' concepts helps nobody.
            self.fields.pop("broader", None)

    def clean(self) -> dict[str, Any]:
        """Fill in a missing slug and address; check the broader concepts."""
        cleaned: dict[str, Any] = super().clean()
        vocabulary = cleaned.get("vocabulary")
        if not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = german_slug(cleaned.get("label", ""))[:80]
            if not cleaned["slug"]:
                self.add_error("slug", _("Bitte geben Sie einen Kurznamen an."))
        if vocabulary and cleaned.get("slug") and not cleaned.get("uri") and not self.instance.pk:
            cleaned["uri"] = f"{settings.VOCABULARY_BASE_URI}{vocabulary.slug}/{cleaned['slug']}"
        for concept in cleaned.get("broader", ()):
            if self.instance in concept.all_broader():
                self.add_error(
                    "broader",
                    ValidationError(
                        _("„%(label)s“ ist selbst hier eingeordnet; so entstünde ein Kreis."),
                        params={"label": concept.label},
                    ),
                )
        return cleaned


class TopicForm(WagtailAdminModelForm):
    """Form of a topic: the slug is made from the first name and stays."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["slug"].disabled = True
        else:
            self.fields.pop("slug", None)
