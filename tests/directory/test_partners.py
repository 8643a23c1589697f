"""Partners: their list, what knows them, their place of good practice, and the links by which they change or leave."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone
from lxml import html
from wagtail.models import PageViewRestriction

from core.declared.contributions import Contribution, declared
from core.mails.mail_sending import send_due
from core.running.jobs import JOBS
from directory.models import PartnerPage
from directory.partners.care import KEPT, LIFETIME
from events.models import EventHost, EventIndexPage, EventSeriesPage
from library.models import CasePartner, CaseStudyPage
from tests.directory.helpers import add_network, add_partner
from tests.published import add_page, settle
from tests.test_query_counts import queries
from tests.words import unbroken
from visitors.sending import tokens
from vocabularies.models import Topic
from vocabularies.topics import usage_of, with_usage

pytestmark = pytest.mark.django_db

QUERIES_AT_MOST = 12


def main_of(path: str, status: int = 200) -> Any:
    """Return the main part of a page."""
    response = Client().get(path)
    assert response.status_code == status, path
    return html.fromstring(response.content).xpath("//main")[0]


def names_of(path: str) -> list[str]:
    """Return the partners that a list shows."""
    return [unbroken(one.text_content()) for one in main_of(path).xpath("//ul[@class='partners']//h3")]


def add_series(slug: str, *hosts: PartnerPage) -> EventSeriesPage:
    """Add a series that partners host."""
    overview = EventIndexPage.objects.first()
    if overview is None:
        overview = EventIndexPage(title="Termine", slug="termine")
        PartnerPage.objects.first().get_parent().get_parent().add_child(instance=overview)
    page = EventSeriesPage(title=slug.capitalize(), slug=slug, summary="Wir laden ein.")
    page.hosts = [EventHost(partner=host) for host in hosts]
    overview.add_child(instance=page)
    page.save_revision().publish()
    return EventSeriesPage.objects.get(pk=page.pk)


def add_case(library: Any, slug: str, *partners: PartnerPage) -> CaseStudyPage:
    """Add a case study in which partners took part."""
    page: CaseStudyPage = add_page(
        library, slug, CaseStudyPage, partners=[CasePartner(partner=partner) for partner in partners]
    )
    return page


# The list ---------------------------------------------------------------------------------------


def test_the_list_filters_by_region_kind_theme_and_letter_and_counts_what_is_left(library: Any) -> None:
    add_partner("chor", topics=["Musik", "Freizeit"])
    add_partner("oelmuehle", title="Ölmühle", region="landkreis-goerlitz", kind="unternehmen", topics=["Arbeit"])
    add_partner("orgel", region="", topics=["Musik"])
    assert names_of("/partner/") == ["Chor", "Ölmühle", "Orgel"]
    assert names_of("/partner/?region=leipzig") == ["Chor"]
    assert names_of("/partner/?region=sachsen") == ["Orgel"]
    assert names_of("/partner/?art=unternehmen") == ["Ölmühle"]
    assert names_of("/partner/?thema=musik&region=leipzig") == ["Chor"]
    assert names_of("/partner/?buchstabe=O") == ["Ölmühle", "Orgel"]
    assert names_of("/partner/?region=leipzig&art=unternehmen") == []
    assert names_of("/partner/?region=%00&art=x&thema=' OR 1&buchstabe=Ω&seite=99999999") == [
        "Chor",
        "Ölmühle",
        "Orgel",
    ]
    page = main_of("/partner/?thema=musik")
    options = [unbroken(one.text_content()) for one in page.xpath("//select[@id='art']/option")]
    assert options == ["alle", "Unternehmen (0)", "Kultur und Medien (2)"]
    cells = {one.get("aria-label") for one in page.xpath("//*[@aria-label]")}
    assert {"Leipzig: 1 Partner", "Landkreis Görlitz: 1 Partner"} <= {label.replace("Stadt ", "") for label in cells}
    assert "noindex" in Client().get("/partner/?thema=musik").content.decode()


def test_a_long_list_has_pages_and_each_partner_stands_on_one(library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("directory.partners.listing.PAGE_SIZE", 2)
    for slug in ("a", "b", "c"):
        add_partner(slug)
    first = main_of("/partner/?art=kultur")
    (following,) = first.xpath("//a[@rel='next']")
    assert names_of("/partner/?art=kultur") == ["A", "B"]
    assert names_of(following.get("href").partition("#")[0]) == ["C"]


def test_partners_that_nobody_may_see_are_in_no_list_figure_or_filter(library: Any) -> None:
    add_partner("offen", topics=["Musik"])
    add_partner("entwurf", publish=False, kind="sport", topics=["Geheim"])
    private = add_partner("privat", kind="sport", topics=["Geheim"])
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    add_partner("endet", kind="sport", topics=["Geheim"], expire_at=timezone.now() + datetime.timedelta(hours=1))
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=2)):
        text = Client().get("/partner/?art=sport").content.decode()
    assert not [word for word in ("Entwurf", "Privat", "Endet", "Geheim", "geheim") if word in text]
    # Words of the kind that only they have are no choice either.
    assert "Sport und Freizeit" not in text


# What knows whom --------------------------------------------------------------------------------


def test_network_partner_series_and_case_know_each_other_while_they_may_be_seen(library: Any) -> None:
    network = add_network(4)
    partner = add_partner("chor", [network], ["Musik"], offers="Proben\nBesuche", website="https://www.chor.example/")
    series = add_series("tafel", partner)
    case = add_case(library, "singen", partner)
    settle()
    shown = main_of(partner.url)
    links = {one.get("href") for one in shown.iter("a")}
    assert {network.url, series.url, case.url, "/partner/?thema=musik#liste", "https://www.chor.example/"} <= links
    assert "Proben" in unbroken(shown.text_content())
    for other in (network, series, case):
        assert partner.url in {one.get("href") for one in main_of(other.url).iter("a")}, other
    assert "gesamtes Netzwerk" not in main_of(series.url).text_content()
    partner.unpublish()
    settle()
    for other in (network, series, case):
        assert "Chor" not in main_of(other.url).text_content(), other
    assert "gesamtes Netzwerk" not in main_of(series.url).text_content()


def test_whoever_searches_for_best_practice_is_led_to_case_studies_of_partners(library: Any) -> None:
    partner = add_partner("chor", topics=["Musik"])
    add_case(library, "singen", partner)
    add_case(library, "allein")
    settle()
    for asked in ("best practice", "Best-Practice-Projekte", "gute praxis"):
        card = Client().get("/api/v2/search/", {"q": asked}).json()["answers"][0]
        assert card["url"].endswith("/gute-praxis/"), asked
    shown = unbroken(main_of("/gute-praxis/").text_content())
    assert ("Singen" in shown, "Allein" in shown) == (True, False)
    hits = (
        Client().get("/api/v2/search/", {"q": "chor", "type": "partner", "topic": "musik", "area": "directory"}).json()
    )
    assert [item["title"] for item in hits["items"]] == ["Chor"]
    assert [item["title"] for item in Client().get("/api/v2/search/", {"q": "chor"}).json()["items"]] == [
        "Chor",
        "Singen",
    ]
    partner.unpublish()
    assert "Singen" not in main_of("/gute-praxis/").text_content()


def test_editors_are_told_how_many_pages_of_all_types_have_a_topic(library: Any) -> None:
    add_partner("chor", topics=["Musik"])
    add_page(library, "lied", topics=["Musik"])
    topic = with_usage(Topic.objects.all()).get()
    assert (topic.usage, usage_of(topic)) == (2, 2)


def test_pages_of_partners_cost_the_same_for_one_and_for_many_and_at_most_twelve_queries(library: Any) -> None:
    network = add_network(4)
    partner = add_partner("chor", [network], ["Musik"])
    add_series("tafel", partner)
    add_case(library, "singen", partner)
    paths = ["/partner/", "/partner/?thema=musik", partner.url, "/gute-praxis/"]
    settle()
    before = {path: len(queries(path)) for path in paths}
    networks = [network, *(add_network(number) for number in (5, 6, 7))]
    for number in range(4):
        other = add_partner(f"band-{number}", networks, ["Musik", f"Thema {number}"])
        add_series(f"tafel-{number}", partner, other)
        add_case(library, f"fall-{number}", partner, other)
    partner.networks.set(networks)
    partner.topics.add("Freizeit", "Bühne")
    partner.save_revision().publish()
    settle()
    after = {path: queries(path) for path in paths}
    assert {path: len(found) for path, found in after.items()} == before
    assert {path: found for path, found in after.items() if len(found) > QUERIES_AT_MOST} == {}


# Links ------------------------------------------------------------------------------------------


def ask(partner: PartnerPage, age: int = 5) -> Any:
    """Ask for links as a visitor who took some seconds."""
    data = {"partner": str(partner.pk), "token": tokens.issue("partner_links", age)}
    return Client().post("/partner-links/", data)


def links_in(message: Any) -> dict[str, str]:
    """Return the paths of a mail's links by their purpose."""
    return {found[2]: found[1] for found in re.finditer(r"(/link/partner-(\w+)/\S+)", message.body)}


def test_links_go_to_the_mailbox_of_the_profile_and_to_nobody_else(library: Any) -> None:
    partner = add_partner()
    hidden = add_partner("geheim", publish=False)
    assert "Links an das Postfach" in Client().get(f"/partner-links/?partner={partner.pk}").content.decode()
    assert [ask(partner, 0).status_code, ask(hidden).status_code] == [400, 404]
    assert [Client().get(f"/partner-links/?partner={key}").status_code for key in (hidden.pk, "x", "9" * 30, "")] == [
        404
    ] * 4
    answers = [ask(partner) for _ in range(5)]
    assert {(answer.status_code, partner.mailbox in answer.content.decode()) for answer in answers} == {(200, False)}
    assert send_due() == 3
    assert {tuple(message.to) for message in mail.outbox} == {(partner.mailbox,)}
    assert links_in(mail.outbox[0]).keys() == {"edit", "withdraw"}


def test_a_partner_changes_its_profile_and_nobody_sees_it_before_an_editor_does(library: Any) -> None:
    partner = add_partner(summary="Wir singen.")
    ask(partner)
    send_due()
    link = links_in(mail.outbox[0])["edit"]
    assert "Wir singen." in Client().get(link).content.decode()
    wrong = Client().post(link, {"summary": "", "website": "kein Ort", "offers": "Proben"})
    assert (wrong.status_code, "Proben" in wrong.content.decode()) == (400, True)
    sent = Client().post(link, {"summary": "Wir tanzen.", "offers": "Proben", "mailbox": "info@fremd.example"})
    assert (sent.status_code, "no-store" in sent["Cache-Control"]) == (200, True)
    partner.refresh_from_db()
    assert (partner.summary, partner.live, partner.has_unpublished_changes) == ("Wir singen.", True, True)
    draft = partner.get_latest_revision_as_object()
    assert (draft.summary, draft.offers, draft.mailbox) == ("Wir tanzen.", "Proben", "info@chor.example")
    assert "Wir tanzen." not in Client().get(partner.url).content.decode()
    # A second look shows what was sent, and the next version follows it.
    assert "Wir tanzen." in Client().get(link).content.decode()


def test_a_partner_withdraws_at_once_and_the_links_of_a_former_mailbox_open_nothing(library: Any) -> None:
    partner = add_partner()
    ask(partner)
    send_due()
    link = links_in(mail.outbox[0])["withdraw"]
    PartnerPage.objects.update(mailbox="info@neu.example")
    assert Client().post(link).status_code == 410
    PartnerPage.objects.update(mailbox=partner.mailbox)
    assert Client().get(link).status_code == Client().get(partner.url).status_code == 200
    with time_machine.travel(timezone.now() + LIFETIME + datetime.timedelta(minutes=1)):
        assert Client().post(link).status_code == 410
    assert Client().post(link).status_code == 200
    assert [Client().get(path).status_code for path in (partner.url, link)] == [404, 410]


def test_a_profile_ends_by_itself_unless_its_mailbox_says_that_it_still_holds(library: Any) -> None:
    partner = add_partner()
    assert partner.expire_at is not None
    assert partner.expire_at - timezone.now() > KEPT - datetime.timedelta(minutes=5)
    remind = JOBS["partner_reminders"].run
    assert remind() == 0
    with time_machine.travel(partner.expire_at - datetime.timedelta(days=20)):
        partner.summary = "Entwurf"
        partner.save_revision()
        assert (remind(), remind(), send_due()) == (1, 0, 1)
        link = links_in(mail.outbox[0])["confirm"]
        assert Client().post(link).status_code == 200
        partner = PartnerPage.objects.get(pk=partner.pk)
        assert partner.expire_at is not None
        assert partner.expire_at - timezone.now() > KEPT - datetime.timedelta(minutes=5)
        # What an editor has not published stays unpublished.
        assert (partner.summary, partner.has_unpublished_changes) == ("Wir singen.", True)
        draft = partner.get_latest_revision_as_object()
        assert (draft.summary, draft.expire_at) == ("Entwurf", partner.expire_at)
        draft.save_revision().publish()
        assert remind() == 0
    with time_machine.travel(partner.expire_at + datetime.timedelta(seconds=1)):
        assert Client().get(partner.url).status_code == 404
        JOBS["publish_scheduled"].run()
        assert not PartnerPage.objects.get(pk=partner.pk).live


def test_an_accepted_registration_becomes_a_draft_that_nobody_sees(library: Any) -> None:
    declaration = declared("partner")
    assert declaration is not None
    typed = {"title": "Chor am Fluss", "kind": "kultur", "summary": "Wir singen.", "topics": "Musik, Musik, Freizeit"}
    assert set(declaration.form({**typed, "mailbox": "lena.winter@chor.example"}).errors) == {"mailbox"}
    form = declaration.form({**typed, "mailbox": "info@chor.example"})
    assert form.is_valid(), form.errors
    page = declaration.draft(
        Contribution(1, "partner", form.cleaned_data, "Lena", "lena@chor.example", "de", timezone.now(), (), None)
    )
    assert isinstance(page, PartnerPage)
    assert (page.live, page.slug, page.mailbox) == (False, "chor-am-fluss", "info@chor.example")
    assert sorted(topic.name for topic in page.topics.all()) == ["Freizeit", "Musik"]
    assert names_of("/partner/") == []
