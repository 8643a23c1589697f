"""Portraits: shown while everybody on them agrees, narrowed in the gallery, printed only for who agreed to that."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from core import signed_links
from core.declared.contributions import Contribution, NoPlaceError, declared
from core.declared.people.consent import ON_PAPER, Scope, standing
from core.mails.mail_sending import send_due
from core.models import OutgoingMail
from directory.models import Region
from events.models import EventDate, EventIndexPage, EventSeriesPage
from home.setup import add_published
from library.models import LibraryIndexPage, MaterialPage, RelatedPage
from media.models import Image
from people.due import delete_due
from people.models import Consent, PortraitIndexPage, PortraitPage
from people.portraits.gallery import PAGE_SIZE
from people.portraits.offers import OfferForm
from people.withdrawing import LIFETIME, PURPOSE
from search.models import Embedding, EmbeddingSource
from tests.library.helpers import edit_url, error_text
from tests.people.conftest import NAME, consent_to, in_days, portrait
from tests.people.many import add_portraits
from tests.published import add_document, add_image, add_page, settle
from vocabularies.models import Topic

pytestmark = pytest.mark.django_db

CANARY = "Kanarienfels"
QUERIES_AT_MOST = 12


def text(path: str) -> str:
    """Return what a visitor gets at an address; empty for 404."""
    response = Client().get(path)
    assert response.status_code in (200, 404), (path, response.status_code)
    if response.status_code == 404:
        return ""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace").replace("\u00ad", "")


def test_a_portrait_whose_consent_ends_is_gone_from_every_way_in_on_the_minute(
    campaign: Any, later: Callable[[datetime.timedelta], None], subtests: pytest.Subtests, settings: Any
) -> None:
    settings.SENDS_MAIL = False
    sound = add_document(f"{CANARY} spricht", "kanarienfels.mp3")
    page = portrait(
        campaign,
        "jona-kanarienfels",
        title=f"{CANARY} erzählt",
        scopes=[Scope.EXHIBITION],
        valid_until=in_days(0),
        topics=["Wohnen"],
        cover=add_image("Bild"),
        cover_alt=f"{CANARY} am Tisch",
        recording=sound,
        transcript="Guten Tag.",
        first_published_at=timezone.now() - datetime.timedelta(hours=1),
    )
    shelf = LibraryIndexPage.objects.get(locale__language_code="de")
    other = add_page(shelf, "wohnen", related_pages=[RelatedPage(related_id=page.pk)], topics=["Wohnen"])
    settle()
    rendition = page.cover_image()
    ways = {
        "its page": page.url,
        "the card for the exhibition": f"{page.url}karte/",
        "the campaign page": campaign.url,
        "the gallery": f"{campaign.url}galerie/",
        "the search": "/suche/?q=kanarienfels",
        "the search by type": "/suche/?type=portrait",
        "the suggestions": "/api/v2/search/suggest/?q=kanarien",
        "the API of the search": "/api/v2/search/?q=kanarienfels",
        "the API of pages, its own": f"/api/v2/pages/{page.pk}/",
        "the API of pages, the list": "/api/v2/pages/?type=people.PortraitPage&fields=chosen_name",
        "the feed of a search": "/suche/feed/?q=kanarienfels",
        "the sitemap": "/sitemap.xml",
        "the Merkliste": f"/merkliste/?id={page.pk}",
        "the Merkliste as a table": f"/merkliste/export/?format=csv&id={page.pk}",
        "related entries of another page": other.url,
        "the API of similar entries": f"/api/v2/search/similar/?id={other.pk}",
        "the API of pictures": "/api/v2/images/",
        "the API of documents": "/api/v2/documents/",
        "the file of the recording": sound.url,
        "the file of the picture": rendition.url,
    }
    clues = {"the sitemap": page.slug, "the file of the recording": "PDF", "the file of the picture": "WEBP"}
    clues |= {"the API of pictures": "Bild", "the API of documents": CANARY}
    assert len(ways) >= 12
    for name, path in ways.items():
        assert clues.get(name, CANARY) in text(path), name
    later(datetime.timedelta(days=1))
    for name, path in ways.items():
        with subtests.test(name):
            found = text(path)
            assert clues.get(name, CANARY) not in found
            assert CANARY not in found.replace("q=kanarienfels", "")


def test_kept_copies_of_a_portrait_ask_again(campaign: Any) -> None:
    page = portrait(campaign, "jona", scopes=[Scope.PRINT], cover=add_image("Bild"), cover_alt="Jona")
    for path in (page.url, f"{page.url}karte/", campaign.url, f"{campaign.url}galerie/", page.cover_image().url):
        response = Client().get(path)
        assert "no-cache" in response["Cache-Control"], path
        # A file that is not read to its end stays open.
        list(response)
    assert "data-entry" not in text(page.url), "the browser would remember the name"


def test_after_the_time_of_grace_portrait_files_and_vectors_are_deleted(
    campaign: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr("people.due.compact", lambda: None)
    files = {"recording": add_document("Ton", "ton.mp3"), "captions": add_document("Untertitel", "ton.vtt")}
    page = portrait(campaign, "jona", cover=add_image("Bild"), cover_alt="Jona", **files)
    page.save_revision()
    source = EmbeddingSource.objects.create(model="probe", recipe=1)
    Embedding.objects.create(source=source, digest=b"x" * 16, vector=b"1", last_used=in_days(0))
    Consent.objects.update(valid_until=in_days(-400), mailbox="buero@fundus.example")
    consent = Consent.objects.get()
    OutgoingMail.objects.create(kind=Consent.LINK_MAIL, about=consent.pk, address=consent.mailbox)
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_due() == 1
    assert not PortraitPage.objects.exists()
    assert not Image.objects.exists()
    assert not get_document_model().objects.exists()
    assert not OutgoingMail.objects.exists()


def test_a_portrait_is_published_only_with_the_consent_of_everybody_on_it(admin_client: Client, campaign: Any) -> None:
    page = portrait(campaign, "jona")
    row = {"title": "Jona", "slug": "jona", "chosen_name": NAME, "others": "Mara", "summary": "Erzählt."}
    form = nested_form_data({**row, "topics": "", "body": streamfield([]), "comments": inline_formset([])})
    form["action-publish"] = "1"
    refused = admin_client.post(edit_url(page), form)
    assert "„Mara“: Für diese Seite liegt kein Einverständnis" in error_text(refused)
    assert not PortraitPage.objects.get().others
    consent_to(page, "Mara")
    assert admin_client.post(edit_url(page), form).status_code == 302
    assert PortraitPage.objects.get().others == "Mara"
    Consent.objects.filter(chosen_name="Mara").update(valid_until=in_days(-1))
    Consent.objects.get(chosen_name="Mara").save()
    assert not PortraitPage.objects.get().live


@pytest.mark.parametrize(("scopes", "status"), [((), 404), ((Scope.SOCIAL_MEDIA,), 404), (tuple(ON_PAPER), 200)])
def test_a_card_is_there_only_for_who_agreed_to_hang_on_a_wall(
    campaign: Any, scopes: tuple[Scope, ...], status: int
) -> None:
    page = portrait(campaign, "jona", others="Mara", scopes=scopes, quote="Ich bin da.")
    path = f"{page.url}karte/"
    assert Client().get(path).status_code == status
    assert (path in text(page.url)) == (status == 200)
    # Everybody on it must have agreed.
    Consent.objects.filter(chosen_name="Mara").update(in_print=False, in_exhibition=False)
    assert Client().get(path).status_code == 404
    refusals = standing(page.pk, ["Mara"], ON_PAPER).refusals
    assert "gilt nicht für Druck oder Ausstellung" in str(refusals[0])


def test_a_recording_needs_its_words_and_decides_the_form(campaign: Any) -> None:
    page = portrait(campaign, "jona")
    assert page.form == PortraitPage.Form.TEXT
    page.recording = add_document("Ton", "ton.mp3")
    with pytest.raises(ValidationError, match="Abschrift"):
        page.save()
    assert page.form == PortraitPage.Form.SOUND
    assert {field for field, _ in page.lacks()} == {"transcript"}
    page.captions = add_document("Untertitel", "ton.vtt")
    assert not list(page.lacks())
    page.recording, page.captions = page.captions, page.recording
    assert {field for field, _ in page.wrong()} == {"recording", "captions"}
    page.slug = "galerie"
    assert "slug" in {field for field, _ in page.wrong()}


def test_the_gallery_is_narrowed_and_counts_only_what_is_public(campaign: Any) -> None:
    leipzig, dresden = Region.objects.get(slug="leipzig"), Region.objects.get(slug="dresden")
    portrait(campaign, "eins", "A", region=leipzig, topics=["Sport", "Wohnen"])
    portrait(
        campaign, "zwei", "B", region=leipzig, topics=["Sport"], recording=add_document("T", "t.mp3"), transcript="Ja."
    )
    portrait(campaign, "drei", "C", region=dresden, topics=["Wohnen"])
    portrait(campaign, "vier", "D", region=dresden, topics=["Geheim"]).unpublish()
    url = f"{campaign.url}galerie/"
    whole = text(url)
    assert [whole.count(f">{slug}</a>") for slug in ("eins", "zwei", "drei", "vier")] == [1, 1, 1, 0]
    assert "Geheim" not in whole
    assert 'value="leipzig">Stadt Leipzig (2)' in whole
    narrowed = text(f"{url}?thema=sport&form=sound")
    assert ">zwei</a>" in narrowed
    assert ">eins</a>" not in narrowed
    assert 'value="leipzig">Stadt Leipzig (1)' in narrowed
    assert 'content="noindex"' in narrowed
    for query in ("thema=geheim", "region=x", "seite=2", "seite=0", "form=%00"):
        assert Client().get(f"{url}?{query}").status_code == 404, query
    assert "noch kein Porträt" in text(f"{url}?region=dresden&form=sound")


def test_sixty_portraits_cost_as_many_queries_as_two_and_no_more_than_twelve(
    campaign: Any, subtests: pytest.Subtests
) -> None:
    portrait(campaign, "jona", scopes=[Scope.PRINT], cover=add_image("Bild"), cover_alt="Jona", topics=["Sport"])
    add_portraits(campaign, 1)
    settle()
    paths = [campaign.url, f"{campaign.url}galerie/", f"{campaign.url}jona/", f"{campaign.url}jona/karte/"]
    before = {path: _queries(path) for path in paths}
    add_portraits(campaign, 58)
    settle()
    assert "60 Porträts" in text(paths[1])
    assert f"Seite 1 von {60 // PAGE_SIZE}" in text(paths[1])
    for path in paths:
        with subtests.test(path):
            after = _queries(path)
            assert len(after) <= len(before[path]), "\n".join(after)
            assert len(after) <= QUERIES_AT_MOST, "\n".join(after)


def _queries(path: str) -> list[str]:
    Client().get(path)
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(path).status_code == 200
    return [query["sql"] for query in captured]


def test_the_campaign_leads_to_the_stops_of_the_exhibition(campaign: Any) -> None:
    home = campaign.get_parent().specific
    overview = EventIndexPage(title="Termine", slug="termine")
    add_published(home, overview)
    start = timezone.now() + datetime.timedelta(days=9)
    series = EventSeriesPage(title="Ganz nah", slug="ganz-nah", summary="Karten auf Reisen.", cadence="irregular")
    series.dates = [EventDate(start=start, end=start + datetime.timedelta(hours=8), place="Bücherei am Teich")]
    add_published(overview, series)
    campaign.exhibition = series
    campaign.save_revision().publish()
    shown = text(campaign.url)
    assert "Bücherei am Teich" in shown
    assert series.url in shown
    campaign.exhibition = home
    with pytest.raises(ValidationError, match="Terminreihe"):
        campaign.full_clean()
    series.unpublish()
    assert "Bücherei am Teich" not in text(campaign.url)


def test_whoever_agreed_withdraws_by_a_link_to_the_mailbox_given_for_it(
    admin_client: Client, campaign: Any, settings: Any
) -> None:
    settings.SENDS_MAIL = True
    page = portrait(campaign, "jona")
    consent = Consent.objects.get()
    send = reverse("einverstaendnisse:send_link", args=[consent.pk])
    admin_client.post(send)
    assert not OutgoingMail.objects.exists(), "no mailbox was given"
    Consent.objects.update(mailbox="wohngruppe@fundus.example")
    assert "wohngruppe@fundus.example" in admin_client.get(send).content.decode()
    for _ in range(4):
        admin_client.post(send)
    assert OutgoingMail.objects.count() == 3, "three a day"
    assert send_due() == 3
    message = mail.outbox[0]
    assert message.to == ["wohngruppe@fundus.example"]
    assert NAME not in f"{message.subject}{message.body}"
    link = next(line for line in str(message.body).splitlines() if line.startswith("http"))
    path = link[link.index("/link/") :]
    opened = Client().get(path)
    assert (opened.status_code, opened["Referrer-Policy"], opened["X-Robots-Tag"]) == (200, "no-referrer", "noindex")
    assert "no-store" in opened["Cache-Control"]
    assert NAME not in opened.content.decode()
    assert text(page.url), "opening alone does nothing: scanners of mail open every link"
    assert "Ihr Widerruf ist eingetragen" in Client().post(path).content.decode()
    assert not text(page.url)
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None
    assert consent.withdrawn_by is None
    assert Client().post(path).status_code == 410


def test_a_link_for_something_else_withdraws_nothing(campaign: Any) -> None:
    page = portrait(campaign, "jona")
    key = str(Consent.objects.get().key)
    ours = signed_links.make(PURPOSE, key, LIFETIME)
    for token in (signed_links.make("confirm", key, LIFETIME), ours[:-2], ours.swapcase()):
        assert Client().post(f"/link/{PURPOSE}/{token}/").status_code == 404
    assert Client().post(f"/link/{PURPOSE}/{signed_links.make(PURPOSE, key, -LIFETIME)}/").status_code == 410
    assert text(page.url)


def test_a_renamed_region_and_topic_change_what_the_search_knows(campaign: Any) -> None:
    portrait(campaign, "jona", region=Region.objects.get(slug="leipzig"), topics=["Sport"])
    settle()
    for model, name in ((Region, "Lindenstadt"), (Topic, "Leibesübung")):
        one = model.objects.get(name={Region: "Stadt Leipzig", Topic: "Sport"}[model])
        one.name = name
        one.save()
    settle()
    found = text("/suche/?type=portrait")
    assert "Lindenstadt" in found
    assert "Leibesübung" in found
    assert "Lindenstadt" in text("/suche/?q=lindenstadt&type=portrait")


def test_only_portraits_live_below_the_campaign() -> None:
    assert PortraitPage in PortraitIndexPage.clean_subpage_models()
    assert MaterialPage not in PortraitIndexPage.clean_subpage_models()


def test_an_offer_becomes_a_draft_that_nobody_sees(campaign: Any, admin_user: Any) -> None:
    typed = {"chosen_name": "Mara", "story": "Ich <b>koche</b>.\nGern.", "of_age": "on", "region": ""}
    form = OfferForm(typed)
    assert form.is_valid()
    offer = Contribution(
        7, "portrait", form.cleaned_data, "M.", "m@fundus.example", "de", timezone.now(), (), admin_user
    )
    made = declared("portrait")
    assert made is not None
    page = made.draft(offer)
    assert (page.chosen_name, page.live, page.slug) == ("Mara", False, "portraet-7")
    assert "&lt;b&gt;koche" in str(page.get_latest_revision_as_object().body)
    with pytest.raises(ValidationError, match="kein Einverständnis"):
        page.get_latest_revision().publish()
    assert not PortraitPage.objects.get().live
    PortraitIndexPage.objects.all().delete()
    with pytest.raises(NoPlaceError):
        made.draft(offer)
