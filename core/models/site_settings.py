"""Settings that editors make for the whole site: contact, channels, recipient of reports, age limit of news."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

NEWS_AGE_MONTHS = 12
REPORT_DAYS = 180


def _parts(line: str) -> tuple[str, str, str]:
    return line.strip().rpartition(" ")


def validate_channels(text: str) -> None:
    """Raise ValidationError unless each line is a name and an address with https."""
    for line in filter(str.strip, text.splitlines()):
        name, _space, address = _parts(line)
        try:
            URLValidator(schemes=["https"])(address)
            is_fine = bool(name.strip())
        except ValidationError:
            is_fine = False
        if not is_fine:
            raise ValidationError(_t("Keine Zeile mit Name und Adresse (https://…): %(line)s") % {"line": line[:80]})


@register_setting(icon="site")
class SiteSettings(BaseSiteSetting):
    """Contact, footer, reports of barriers and news of one site."""

    organisation = models.CharField(_("Organisation"), max_length=160, blank=True)
    address = models.TextField(_("Anschrift"), max_length=400, blank=True)
    mailbox = models.EmailField(
        _("Funktionspostfach"), blank=True, help_text=_("Für Fragen aller Art; keine persönliche Adresse.")
    )
    phone = models.CharField(_("Telefon"), max_length=40, blank=True)
    footer_text = models.CharField(
        _("Satz in der Fußzeile"), max_length=200, blank=True, help_text=_("Wer sind wir, in einem Satz.")
    )
    feedback_mailbox = models.EmailField(
        _("Postfach für Barrieren"),
        blank=True,
        help_text=_("Wohin „Barriere melden“ schreibt. Leer: an das Funktionspostfach oben."),
    )
    report_days = models.PositiveSmallIntegerField(
        _("Meldungen löschen nach (Tagen)"),
        default=REPORT_DAYS,
        validators=[MinValueValidator(7), MaxValueValidator(730)],
        help_text=_("So lange werden gemeldete Barrieren aufgehoben; danach löscht sie das Programm."),
    )
    channels = models.TextField(
        _("Soziale Netzwerke"),
        max_length=1000,
        blank=True,
        validators=[validate_channels],
        help_text=_("Je Zeile ein Name und eine Adresse: Mastodon https://…; unten auf jeder Seite steht der Link."),
    )
    news_age_months = models.PositiveSmallIntegerField(
        _("Neuigkeiten sind alt nach (Monaten)"),
        default=NEWS_AGE_MONTHS,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("Ältere tragen von selbst den Hinweis „älter als … Monate“."),
    )

    panels = [
        MultiFieldPanel(
            [
                *(FieldPanel(name) for name in ("organisation", "address", "mailbox", "phone")),
                FieldPanel(
                    "footer_text",
                    help_text=_(
                        "Wer sind wir, in einem Satz. Er steht auf deutschen Seiten; andere haben ihren eigenen."
                    ),
                ),
            ],
            _("Kontakt, unten auf jeder Seite"),
        ),
        MultiFieldPanel([FieldPanel("feedback_mailbox"), FieldPanel("report_days")], _("Barriere melden")),
        FieldPanel("channels"),
        FieldPanel("news_age_months"),
    ]

    class Meta:
        verbose_name = _("Kontakt und Hinweise")
        verbose_name_plural = _("Kontakt und Hinweise")

    @property
    def report_to(self) -> str:
        """Mailbox that reports of barriers go to; empty when none is set."""
        return self.feedback_mailbox or self.mailbox

    @property
    def channel_links(self) -> list[tuple[str, str]]:
        """Names and addresses of the channels in social networks; a plain link asks nobody before it is followed."""
        return [(name.strip(), address) for name, _space, address in map(_parts, self.channels.splitlines()) if address]

    @property
    def has_contact(self) -> bool:
        """Whether there is any contact to show."""
        return bool(self.organisation or self.address or self.mailbox or self.phone)
