"""The form of a contribution: the fields of its kind, its files, and what every sender is asked.

What was typed comes back whatever was wrong, files included: they wait in quarantine and are named by a signed field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField
from django.forms.forms import BaseForm
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.declared import file_forms
from core.declared.file_forms import FILE_BYTES, FILES, MEGABYTE
from visitors.contributing import quarantine
from visitors.contributing.kinds import Kind
from visitors.models import ContributionFile

PREFIX = "kind"
"""Prefix of the fields of a kind: an app may name its fields as it likes."""

UPLOADS, KEPT, DROPPED = "files", "kept", "drop"
"""Fields for new files, for the signed keys of those sent before, and for the numbers of those not wanted any more."""


class SenderForm(forms.Form):
    """Who sends, how to answer, and that they know what happens with it."""

    name = forms.CharField(
        label=_("Ihr Name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("Damit wir Sie ansprechen können. Er wird nicht veröffentlicht."),
    )
    mail = forms.EmailField(
        label=_("Ihre E-Mail-Adresse"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Nur für Rückfragen. Wir schicken Ihnen gleich eine E-Mail mit einem Link, den Sie bestätigen."),
        error_messages={"invalid": _("Das ist keine E-Mail-Adresse, zum Beispiel name@example.org.")},
    )
    agreed = forms.BooleanField(
        label=_("Ich bin einverstanden, dass die Redaktion meine Angaben dafür speichert, wie es hier steht."),
        error_messages={"required": _("Ohne dieses Einverständnis dürfen wir nichts speichern.")},
    )


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the page: heading and fields."""

    title: str | Promise
    fields: Sequence[BoundField]


class ContributionForm:
    """The two forms of a contribution as one, and its files."""

    def __init__(self, kind: Kind, request: HttpRequest) -> None:
        data = request.POST if request.method == "POST" else None
        self.kind = kind
        self.details = kind.form(data, prefix=PREFIX, auto_id="%s")
        self.sender = SenderForm(data, auto_id="%s")
        if not kind.needs_mail:
            mail = self.sender.fields["mail"]
            mail.required = False
            mail.help_text = _(
                "Nur, wenn Sie eine Antwort möchten; dann schicken wir Ihnen einen Link, den Sie bestätigen."
            )
        for form in (self.details, self.sender):
            # Errors appear in our words next to the field, the same in every browser.
            form.use_required_attribute = False
        self.uploads: list[UploadedFile[Any]] = request.FILES.getlist(UPLOADS) if kind.takes_files else []
        self.kept = self._kept(request) if kind.takes_files else []
        self.file_errors: list[str] = []
        self.lost: list[str] = file_forms.left_out(request) if kind.takes_files else []

    def _kept(self, request: HttpRequest) -> list[ContributionFile]:
        dropped = set(request.POST.getlist(DROPPED))
        files = quarantine.kept(request.POST.get(KEPT, ""), self.kind.slug)
        return [file for file in files if str(file.pk) not in dropped]

    def is_valid(self) -> bool:
        """Check everything, so that all errors are told at once."""
        are_valid = [self.details.is_valid(), self.sender.is_valid()]
        if self.kind.takes_files:
            self._check_files()
        return all(are_valid) and not self.file_errors

    def _check_files(self) -> None:
        if self.lost:
            limits = {"most": FILES, "megabytes": FILE_BYTES // MEGABYTE}
            self.file_errors.append(_t("Höchstens %(most)d Dateien mit je %(megabytes)d MB.") % limits)
        for upload in list(self.uploads):
            problem = self._problem(upload)
            if problem:
                self.uploads.remove(upload)
                self.file_errors.append(problem % {"name": upload.name})
        if len(self.uploads) + len(self.kept) > FILES:
            self.file_errors.append(_t("Das sind zu viele Dateien; höchstens %(most)d auf einmal.") % {"most": FILES})
            self.lose_uploads()
        if not (self.uploads or self.kept or self.file_errors or self.details.data.get(f"{PREFIX}-url")):
            self.file_errors.append(_t("Bitte wählen Sie eine Datei aus, oder nennen Sie eine Adresse im Netz."))

    @staticmethod
    def _problem(upload: UploadedFile[Any]) -> str:
        if not upload.size:
            return _t("Die Datei „%(name)s“ ist leer.")
        if not quarantine.is_taken(str(upload.name)):
            return _t(
                "„%(name)s“: Diese Art von Datei nehmen wir nicht an. Möglich sind zum Beispiel PDF, DOCX, ODT, PPTX, MP3, MP4."
            )
        return ""

    def keep_uploads(self) -> None:
        """Put the uploads into quarantine; those that find no room are lost, and the page says which."""
        for upload in self.uploads:
            try:
                self.kept.append(quarantine.store(upload, self.kind.slug))
            except (quarantine.FullError, OSError):
                self.lost.append(str(upload.name))
        self.uploads = []

    def lose_uploads(self) -> None:
        """Keep nothing of the uploads but their names, which the page tells."""
        self.lost += [str(upload.name) for upload in self.uploads]
        self.uploads = []

    @property
    def signed(self) -> str:
        """Return what names the kept files in the page."""
        return quarantine.sign(self.kept) if self.kept else ""

    @property
    def steps(self) -> Iterator[Step]:
        """Yield the parts of the kind's form; a form may say its own in `steps`, as titles with names of fields."""
        named = getattr(self.details, "steps", None) or ((self.kind.title, tuple(self.details.fields)),)
        for title, names in named:
            yield Step(title, [self.details[name] for name in names])

    @property
    def sender_step(self) -> Step:
        """Return the part about the sender, but for the consent, which stands below what it is about."""
        return Step(_("Wie wir Sie erreichen"), [self.sender["name"], self.sender["mail"]])

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Return every error with the id of its field."""
        found = [(UPLOADS, error) for error in self.file_errors]
        for form in (self.details, self.sender):
            found += [("", str(error)) for error in form.non_field_errors()]
            found += [
                (field.auto_id, _named(field, error)) for field in form.visible_fields() for error in field.errors
            ]
        return found

    def values(self) -> dict[str, Any]:
        """Return what was typed into the fields of the kind, as plain values."""
        return {name: _plain(self.details[name].data) for name in self.details.fields}

    @property
    def files_most(self) -> int:
        """Return how many files the form takes."""
        return FILES

    @property
    def megabytes_most(self) -> int:
        """Return how large each may be."""
        return FILE_BYTES // MEGABYTE

    @property
    def has_agreed(self) -> BoundField:
        """Return the field of the consent."""
        return self.sender["agreed"]


def _named(field: BoundField, error: Any) -> str:
    """Return an error that can be read away from its field; that of a checkbox says what it is about."""
    return str(error) if isinstance(field.field, forms.BooleanField) else f"{field.label}: {error}"


def _plain(value: Any) -> Any:
    return [str(one) for one in value] if isinstance(value, list) else value if isinstance(value, bool) else value or ""


def read_again(kind: Kind, values: Mapping[str, Any]) -> BaseForm:
    """Return the form of a kind with stored values, as if they were sent once more."""
    sent: MultiValueDict[str, Any] = MultiValueDict()
    for name, value in values.items():
        if value is not False:
            sent.setlist(name, value if isinstance(value, list) else ["on" if value is True else value])
    return kind.form(sent)
