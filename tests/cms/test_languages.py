"""The site in Dutch and English: the address decides, and everything that leads on stays in its language."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.translation import get_language, override
from wagtail.models import Locale, Page, WorkflowPage

from certificates.actions.awards import people_judge
from certificates.emails import awarded_mail, reissued_mail, revoked_mail
from certificates.models import Certificate
from certificates.sheet import sheet_of
from cms.actions.site import site_ensure
from cms.models import HomePage
from courses.models import ModuleIndexPage
from parties import emails
from parties.mail import Mail
from parties.models import OutboxMessage, Person
from sessions.emails import InvitationMails, News, message_mails, waiting_mails
from sessions.ics import Method
from sessions.models import Invitation
from sessions.views.code import check_in_address
from tests.certificates import scene
from tests.english import dutch_words, unmarked_dutch
from tests.factories import MembershipFactory, OrganisationFactory, PersonFactory, RoleFactory
from tests.sessions.factories import at, published, registered, supervisor

pytestmark = pytest.mark.django_db
SITE = django_settings.SITE_URL


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What every installation has, made once for this module and rolled back after it."""
    django_settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        site_ensure()
        yield
        transaction.set_rollback(True)


# Which language an address has


@pytest.mark.parametrize(("path", "language"), [("/partijen/", "nl"), ("/en/partijen/", "en"), ("/nergens/", "nl")])
def test_nothing_but_the_address_decides(client: Client, site: None, path: str, language: str) -> None:
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en" if language == "nl" else "nl"
    answer = client.get(path, headers={"Accept-Language": "en" if language == "nl" else "nl"})
    assert f'<html lang="{language}"' in answer.content.decode()
    assert answer.headers["Content-Language"] == language
    assert "Accept-Language" not in answer.headers.get("Vary", "")
    assert get_language() == "nl"


@pytest.mark.parametrize("path", ["/en/nergens/", "/en/cms/", "/en/beheer/", "/en/healthz", "/en/voortgang.json"])
def test_what_has_one_address_has_none_in_english(client: Client, site: None, path: str) -> None:
    answer = client.get(path, follow=True)
    assert answer.status_code == 404
    assert unmarked_dutch(answer.content.decode()) == []


def test_dutch_has_no_second_address(client: Client, site: None) -> None:
    assert client.get("/nl/partijen/").status_code == 404


def test_a_file_says_no_language(client: Client, site: None) -> None:
    assert "Content-Language" not in client.get("/voortgang.json").headers


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/", "/en/"),
        ("/partijen/?datum=2026-06-30", "/en/partijen/?datum=2026-06-30"),
        ("/privacy/", "/en/privacy/"),
        ("/modules/herkennen/", "/en/modules/herkennen/"),
    ],
)
def test_the_switch_goes_to_the_same_page(client: Client, site: None, here: str, there: str) -> None:
    for path, other, language, name in ((here, there, "en", "English"), (there, here, "nl", "Nederlands")):
        html = " ".join(client.get(path).content.decode().split())
        link = f'<a href="{other}" lang="{language}" hreflang="{language}">{name}</a>'
        assert html.count(link) == 2, "in the menu of a phone and at the bottom"


def test_search_engines_read_which_page_is_which(client: Client, site: None) -> None:
    def links(path: str) -> set[tuple[str, str, str]]:
        head = client.get(path).content.decode().partition("</head>")[0]
        found = re.findall(r'<link rel="(canonical|alternate)"(?:\s+hreflang="(\w+)")?\s+href="([^"]*)"', head)
        return {(kind, language, address.removeprefix(SITE)) for kind, language, address in found}

    pair = {("alternate", "nl", "/partijen/"), ("alternate", "en", "/en/partijen/")}
    assert links("/partijen/") == links("/en/partijen/?datum=2026-06-30") == pair
    assert links("/") == links("/en/") == {("alternate", "nl", "/"), ("alternate", "en", "/en/")}
    assert links("/privacy/") == {("alternate", "nl", "/privacy/")}
    assert links("/en/privacy/") == {("canonical", "", "/privacy/")}


# Pages


def test_the_english_tree_is_made_once_for_editors_and_experts(site: None) -> None:
    pages = Page.objects.filter(locale__language_code="en").order_by("path")
    assert [(page.title, page.url, page.live) for page in pages[:2]] == [
        ("At one table for a fair internship", "/en/", True),
        ("Modules", "/en/modules/", True),
    ]
    before = list(Page.objects.order_by("path").values_list("path", "title", "latest_revision"))
    site_ensure()
    assert list(Page.objects.order_by("path").values_list("path", "title", "latest_revision")) == before
    assert WorkflowPage.objects.filter(page__in=ModuleIndexPage.objects.all()).count() == 2
    editors = Group.objects.get(name="Redactie")
    assert editors.permissions.filter(codename="submit_translation").exists()
    assert set(editors.page_permissions.values_list("page__url_path", flat=True)) == {"/home/", "/home-en/"}


def test_an_english_home_page_is_english(client: Client, site: None) -> None:
    html = client.get("/en/").content.decode()
    assert "At one table for a fair internship" in html
    assert 'href="/en/waar-kun-je-terecht/"' in html.partition('id="efforts"')[0], "a link in an editor's text"
    assert unmarked_dutch(html) == []


def test_an_information_page_is_translated_by_editors(client: Client, site: None) -> None:
    privacy = HomePage.objects.in_main_language().get().get_children().get(slug="privacy").specific
    translation = privacy.copy_for_translation(Locale.objects.get(language_code="en"))
    assert "This page is not in English yet" in client.get("/en/privacy/").content.decode()
    translation.title, translation.slug = "Your privacy", "your-privacy"
    translation.save_revision().publish()

    moved = client.get("/en/privacy/")
    assert (moved.status_code, moved.headers["Location"]) == (302, "/en/your-privacy/")
    html = client.get("/en/your-privacy/").content.decode()
    assert '<h1 class="utrecht-heading-1">Your privacy</h1>' in html
    assert "not in English yet" not in html
    assert client.get("/your-privacy/").status_code == 404


# Signing in


def test_coming_in_stays_english_and_so_do_mails(client: Client, site: None) -> None:
    sent_away = client.get("/en/mijn/gegevens/")
    assert sent_away.headers["Location"] == "/en/inloggen/?next=/en/mijn/gegevens/"
    assert 'action="/en/inloggen/"' in client.get(sent_away.headers["Location"]).content.decode()
    asked = client.post("/en/inloggen/", {"email": "new@example.org", "next": "/en/mijn/gegevens/"})
    assert asked.headers["Location"] == "/en/inloggen/code/"
    message = OutboxMessage.objects.get(to_address="new@example.org")
    assert message.subject == "Your code for Gelijkop"
    wrong = client.post("/en/inloggen/code/", {"code": "", "action": "verify"}).content.decode()
    assert unmarked_dutch(wrong) == []
    code = re.findall(r"\b\d{6}\b", message.text)[0]
    come_in = client.post("/en/inloggen/code/", {"code": code, "action": "verify"})
    assert come_in.headers["Location"] == "/en/mijn/werkplek/?next=%2Fen%2Fmijn%2Fgegevens%2F"
    assert Person.objects.get(email="new@example.org").language == "en"
    assert client.get("/en/inloggen/").headers["Location"] == "/en/mijn/"
    assert client.post("/en/uitloggen/").headers["Location"] == "/en/"


def test_who_reads_a_page_in_english_keeps_dutch_mails(client: Client, site: None) -> None:
    person = PersonFactory(language="nl")
    client.force_login(person)
    assert client.get("/en/mijn/").status_code == 200
    person.refresh_from_db()
    assert person.language == "nl"


def test_an_editor_who_is_not_signed_in_comes_in_in_dutch(client: Client, site: None) -> None:
    assert client.get("/cms/").headers["Location"] == "/inloggen/?next=/cms/"


# Mails and paper


def addresses(mail: Mail) -> set[str]:
    return set(re.findall(rf'{SITE}(/[^\s"<>)]*)', f"{mail.text} {mail.html} {mail.calendar}"))


def of(outbox: OutboxMessage) -> Mail:
    return Mail(kind=outbox.kind, to="", subject=outbox.subject, text=outbox.text, html=outbox.html)


@pytest.fixture
def mails(site: None) -> list[Mail]:
    """Every kind of mail, to somebody who reads English."""
    reader = PersonFactory(language="en", email="reader@example.org", name="Robin")
    organisation = OrganisationFactory(name="Firma")
    RoleFactory(kind="hr", organisation=organisation, person=reader)
    membership = MembershipFactory(person=reader, organisation=organisation, state="waiting", origin="declared")
    training = published(title="Fair", seats_school=1)
    seat = registered(training, person=reader)
    waits = registered(training, person=PersonFactory(language="en", email="second@example.org"))
    invitation = Invitation.objects.select_related("person", "meeting__training").get(person=reader)
    programme = scene.basic(name="Basic")
    finisher = scene.finisher(language="en")
    people_judge(person_ids=[finisher.pk])
    certificate = Certificate.objects.get(award__programme=programme)
    certificate.revoked_reason = "A mistake"
    found = [
        *emails.confirmation_asked(membership),
        *emails.membership_answered(membership),
        *emails.come_in(organisation=organisation, people=[reader]),
        emails.hr_contact_invited(organisation=organisation, person=reader),
        *awarded_mail(certificate),
        *reissued_mail(certificate),
        *revoked_mail(certificate),
        *(InvitationMails(Method.REQUEST, news).mail(invitation) for news in (News.NEW, News.PROMOTED, News.CORRECTED)),
        *(
            InvitationMails(Method.CANCEL, news).mail(invitation)
            for news in (News.TRAINING_CANCELLED, News.TAKEN_OFF, News.OWN_WISH, News.READDRESSED)
        ),
    ]
    OutboxMessage.objects.all().delete()
    waiting_mails(registrations=[waits])
    message_mails(training=training, people=[seat.person], subject="Bring a pen", body="<p>Please.</p>")
    return [*found, *map(of, OutboxMessage.objects.order_by("pk"))]


def test_a_mail_to_who_reads_english_is_english_and_leads_to_english(mails: list[Mail]) -> None:
    assert len(mails) == 16
    for mail in mails:
        assert addresses(mail), mail.kind
        assert {path for path in addresses(mail) if not path.startswith("/en/")} == set(), mail.kind
        assert dutch_words(re.sub(r"https?://\S+", "", f"{mail.subject} {mail.text}")) == set(), mail.kind
        assert re.findall(r'<html[^>]*\blang="(\w+)"', mail.html) == ["en"], mail.kind


def test_an_invitation_is_in_the_language_that_somebody_chose(client: Client, site: None) -> None:
    """Whatever the language of the page on which they register, and until they choose another."""
    with time_machine.travel(at(23, 12, month=11, year=2026), tick=False):
        training = published()
        person = supervisor().person
        client.force_login(person)
        invitations = []
        for language, page, verb in (("en", "", "inschrijven"), ("nl", "/en", "uitschrijven")):
            client.post(f"{page}/mijn/gegevens/", {"name": "Robin", "language": language})
            client.post(f"{page}/trainingen/{training.pk}/{verb}/")
            message = OutboxMessage.objects.filter(to_address=person.email).latest("pk")
            shown = re.findall(r'<html[^>]*\blang="(\w+)"', message.html)
            invitations.append((message.subject.partition(":")[0], shown, message.calendar.replace("\r\n ", "")))
    (new, new_shown, request), (gone, gone_shown, cancel) = invitations
    assert [(new, new_shown), (gone, gone_shown)] == [("Invitation", ["en"]), ("Je bent uitgeschreven", ["nl"])]
    assert f"Everything about this training: {SITE}/en/trainingen/{training.pk}/" in request
    assert f"Alles over deze training: {SITE}/trainingen/{training.pk}/" in cancel


def test_paper_is_dutch_whatever_its_reader_reads(site: None) -> None:
    programme = scene.basic()
    finisher = scene.finisher(language="en")
    with override("en"):
        people_judge(person_ids=[finisher.pk])
        certificate = Certificate.objects.get(award__programme=programme)
        sheet = sheet_of(certificate, site_url=SITE)
        in_the_room = check_in_address()
    assert sheet == sheet_of(certificate, site_url=SITE)
    assert in_the_room == f"{SITE}/aanwezig/"


def test_dates_and_times_are_written_as_the_language_does() -> None:
    from django.utils.formats import date_format, time_format

    moment = timezone.make_aware(timezone.datetime(2027, 1, 14, 13, 0))
    written = {}
    for language in ("nl", "en"):
        with override(language):
            written[language] = (date_format(moment), time_format(moment), date_format(moment, "DATETIME_FORMAT"))
    assert written == {
        "nl": ("14 januari 2027", "13.00", "14 januari 2027, 13.00 uur"),
        "en": ("14 January 2027", "13:00", "14 January 2027, 13:00"),
    }
