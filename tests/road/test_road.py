"""The main job, as the people who do it: from HR's list to the network's progress (product.md, 'The road').

Against the running server with its worker. What each person sees is asserted in their own words, the invitation and its
changes on the raw messages, the certificate on the text of its PDF, and the numbers before and after.
"""

import datetime as dt
import re
import time
from collections.abc import Callable
from email.message import EmailMessage
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.courses.keyboard import FILL, Mouse, exercises_on, kind_of
from tests.running import RunningSite, Visitor

pytestmark = pytest.mark.browser

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NEWCOMER = "lina.vandenbroek@roc-mondriaan.example"
COLLEAGUE = "tobias.ferreira@roc-mondriaan.example"
ROSTER = (
    "Naam;E-mail;Personeelsnummer;Afdeling;Functie\r\n"
    f"Lina van den Broek;{NEWCOMER};00901;ICT;Stagebegeleider\r\n"
    f"Tobias Ferreira;{COLLEAGUE};00902;Techniek;Docent\r\n"
)
PLACE = "Stadhuis, Spui 70"
TITLE = "Samen aan tafel: de weg"


def calendar_of(message: EmailMessage) -> tuple[str, dict]:
    """METHOD, and the properties of the one VEVENT."""
    [text] = [part.get_content() for part in message.walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(text)
    [event] = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), {
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "start": event["DTSTART"].dt,
        "end": event["DTEND"].dt,
        "location": str(event.get("LOCATION", "")),
        "status": str(event["STATUS"]),
        "attendee": str(event["ATTENDEE"]).removeprefix("mailto:"),
    }


def sign_in_with_code(visitor: Visitor, site: RunningSite, address: str) -> Page:
    page = visitor.go("/inloggen/")
    page.get_by_label("Mailadres").fill(address)
    page.get_by_role("button", name="Stuur mij een code").click()
    code_mail = site.mails(address, subject="code")[-1]
    body = code_mail.get_body(("plain",))
    assert body is not None
    code = re.search(r"code is: (\d{6})", body.get_content())
    assert code, body.get_content()
    page.locator("input[name=code]").fill(code.group(1))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/mijn/"))
    return page


def do_lesson(page: Page) -> None:
    """Answers every exercise on the page, walks each story to an end, and goes on."""
    mouse = Mouse()
    for exercise in exercises_on(page):
        kind = kind_of(exercise)
        if kind == "scenario":
            walk(exercise)
            continue
        FILL[kind](mouse, exercise)
        exercise.locator(":scope > .button-row button").click()
        expect(exercise.locator("[id^='antwoord-']")).not_to_be_empty()
    with page.expect_navigation():
        page.locator(".pager button[type=submit]").click()


def walk(story: Locator) -> None:
    """The first choice each time."""
    if story.locator("summary").count():  # a notice comes first
        story.locator("summary").click()
    while story.get_by_role("radio").count():
        taken = story.locator(".taken").count()
        story.get_by_role("radio").first.check()
        story.locator("button[value=choose]").click()
        expect(story.locator(".taken")).to_have_count(taken + 1)


def plan_training(page: Page, site: RunningSite, title: str, start: dt.datetime) -> int:
    """A trainer plans and opens a training of three hours with two seats for each side."""
    page.goto(site.url + "/trainingen/nieuw/")
    page.locator("input[name=title]").fill(title)
    page.locator("textarea[name=description]").fill("Neem een situatie mee waar je over nadenkt.")
    fill_times(page, start)
    page.locator("input[name$='-place']").first.fill(PLACE)
    page.locator("input[name=seats_school]").fill("2")
    page.locator("input[name=seats_workplace]").fill("2")
    expect(page.get_by_label("Femke Adriaansen")).to_be_checked()
    page.locator("input[name=reply_to]").fill("trainer@demo.example")
    page.get_by_role("button", name="Bewaar de training").click()
    page.wait_for_url(re.compile(r"/trainingen/\d+/$"))
    page.get_by_role("link", name="Zet open voor inschrijving").click()
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/trainingen/\d+/$"))
    found = re.search(r"/trainingen/(\d+)/", page.url)
    assert found
    return int(found.group(1))


def fill_times(page: Page, start: dt.datetime) -> None:
    page.locator("input[name$='-date']").first.fill(start.strftime("%Y-%m-%d"))
    page.locator("input[name$='-starts']").first.fill(start.strftime("%H:%M"))
    page.locator("input[name$='-ends']").first.fill((start + dt.timedelta(hours=3)).strftime("%H:%M"))


def register(page: Page, site: RunningSite, training: int) -> None:
    page.goto(f"{site.url}/trainingen/{training}/")
    page.get_by_role("link", name="Inschrijven", exact=True).click()
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("heading", name="Je hebt een plek")).to_be_visible()


def trained(page: Page, site: RunningSite, path: str = "/partijen/roc-mondriaan/") -> int:
    """The exact number of trained people on a page of a party or of the network."""
    page.goto(site.url + path)
    value = page.locator("[data-metric=trained]").first.get_attribute("data-value")
    assert value is not None
    return int(value)


def test_the_road(running_site: RunningSite, visitor: Callable[..., Visitor]) -> None:
    site = running_site
    coordinator = visitor().demo_sign_in("coordinator@demo.example")
    network = visitor().demo_sign_in("netwerk@demo.example")
    trained_before, network_before = trained(coordinator, site), trained(network, site, "/voortgang/")

    # HR brings in a list; people get one mail to come in.
    hr = visitor().demo_sign_in("hr@demo.example")
    hr_before = trained(hr, site, "/organisaties/roc-mondriaan/")
    hr.goto(site.url + "/organisaties/roc-mondriaan/import/")
    hr.locator("input[type=file]").set_input_files(
        {"name": "lijst.csv", "mimeType": "text/csv", "buffer": ROSTER.encode("cp1252")}
    )
    hr.get_by_role("button", name="Laat zien wat er verandert").click()
    expect(hr.get_by_role("heading", name="Dit verandert er")).to_be_visible()
    expect(hr.locator("main")).to_contain_text("Lina van den Broek")
    assert not site.mails(NEWCOMER, timeout=0), "nothing counts before it is applied"
    hr.locator("button[value=apply]").click()
    [welcome] = site.mails(NEWCOMER)
    assert f"{site.url}/inloggen/" in str(welcome.get_body(("plain",)).get_content())

    # A supervisor signs in with a code and sees one next step.
    lina_visitor = visitor(viewport={"width": 360, "height": 780})
    lina = sign_in_with_code(lina_visitor, site, NEWCOMER)
    expect(lina.get_by_role("heading", level=1)).to_have_text("Dag Lina")
    expect(lina.locator(".next-step")).to_contain_text("Begin met Herkennen")

    # The three modules, one lesson after the other.
    for module in ("Herkennen", "Erkennen", "Tegengaan"):
        lina.goto(site.url + "/mijn/")
        lina.locator(".next-step a").click()
        while lina.locator(".pager button[type=submit]").count():
            do_lesson(lina)
        lina.goto(site.url + "/mijn/")
        expect(lina.locator(".route li.is-done", has_text=re.compile(rf"\b{module}\b"))).to_have_count(1)
    expect(lina.locator(".next-step")).to_contain_text("Schrijf je in voor een gezamenlijke training")
    assert trained(coordinator, site) == trained_before, "modules alone are not the programme"

    # A trainer plans; school and workplace sign up; the invitation lands in the calendar.
    trainer = visitor().demo_sign_in("trainer@demo.example")
    start = next_weekday(days=10).replace(hour=13, minute=0)
    training = plan_training(trainer, site, TITLE, start)
    register(lina, site, training)
    ruben = visitor().demo_sign_in("werkplek@demo.example")
    register(ruben, site, training)
    [invitation] = site.mails(NEWCOMER, subject=TITLE)
    method, first = calendar_of(invitation)
    assert (method, first) == (
        "REQUEST",
        {
            "uid": first["uid"],
            "sequence": 0,
            "start": start,
            "end": start + dt.timedelta(hours=3),
            "location": PLACE,
            "status": "CONFIRMED",
            "attendee": NEWCOMER,
        },
    )
    assert str(invitation["Reply-To"]) == "trainer@demo.example"
    assert "werkplek@demo.example" not in invitation.as_string()

    # The list balances: the trainer sees one of each side.
    trainer.goto(f"{site.url}/trainingen/{training}/deelnemers/")
    for name in ("Lina van den Broek", "Ruben de Graaf"):
        expect(trainer.locator("main")).to_contain_text(name)
    expect(trainer.locator("main")).not_to_contain_text(NEWCOMER)

    # The training moves by an hour, and the calendar moves too.
    moved = start + dt.timedelta(hours=1)
    trainer.goto(f"{site.url}/trainingen/{training}/bewerken/")
    fill_times(trainer, moved)
    trainer.get_by_role("button", name="Bewaar de training").click()
    expect(trainer.get_by_role("region", name="Dit gebeurt er als je bewaart")).to_contain_text("Lina van den Broek")
    trainer.get_by_role("button", name="Bewaar het zo").click()
    trainer.wait_for_url(re.compile(rf"/trainingen/{training}/$"))
    wait_until(lambda: len(site.mails(NEWCOMER, subject=TITLE)) == 2)
    method, second = calendar_of(site.mails(NEWCOMER, subject=TITLE)[1])
    assert (method, second) == (
        "REQUEST",
        first | {"sequence": 1, "start": moved, "end": moved + dt.timedelta(hours=3)},
    )
    lina.goto(site.url + "/mijn/")
    expect(lina.locator("main")).to_contain_text("Tijd gewijzigd")

    # Another training is cancelled: the calendar takes it out.
    other_title = "Samen aan tafel: gaat niet door"
    other = plan_training(trainer, site, other_title, next_weekday(days=20).replace(hour=9, minute=0))
    register(lina, site, other)
    [asked] = site.mails(NEWCOMER, subject=other_title)
    trainer.goto(f"{site.url}/trainingen/{other}/afzeggen/")
    trainer.locator("main form button[type=submit]").first.click()
    trainer.wait_for_url(re.compile(rf"/trainingen/{other}/$"))
    wait_until(lambda: len(site.mails(NEWCOMER, subject=other_title)) == 2)
    method, cancelled = calendar_of(site.mails(NEWCOMER, subject=other_title)[1])
    assert (method, cancelled) == ("CANCEL", calendar_of(asked)[1] | {"sequence": 1, "status": "CANCELLED"})

    # The day itself: they check in with the code on the screen.
    site.move_clock((moved - now_of(site)).total_seconds() - 10 * 60)
    trainer.goto(f"{site.url}/trainingen/{training}/aanwezigheid/")
    code = "".join(re.findall(r"\d", trainer.locator(".checkin__code [aria-hidden]").inner_text()))
    assert len(code) == 6
    lina.goto(site.url + "/mijn/")
    lina.locator(".next-step a").click()
    lina.locator("input[name=code]").fill("000000" if code != "000000" else "111111")
    lina.locator("main form button[type=submit]").first.click()
    expect(lina.locator(".error-summary")).to_be_visible()
    for person in (lina, ruben):
        person.goto(site.url + "/aanwezig/")
        trainer.reload()
        code = "".join(re.findall(r"\d", trainer.locator(".checkin__code [aria-hidden]").inner_text()))
        person.locator("input[name=code]").fill(code)
        person.locator("main form button[type=submit]").first.click()
        expect(person.get_by_role("heading", level=1)).to_have_text("Je bent binnen")
    assert trained(coordinator, site) == trained_before, "presence does not count before the list closes"

    # Afterwards the trainer closes the list; the programme is complete.
    site.move_clock(4 * 3600)
    trainer.goto(f"{site.url}/trainingen/{training}/aanwezigheid/")
    trainer.get_by_role("link", name="Sluit de lijst").click()
    trainer.locator("main form button[type=submit]").first.click()
    expect(trainer.locator("main")).to_contain_text("De lijst is gesloten")
    [award_mail] = site.mails(NEWCOMER, subject="bewijs van deelname")
    assert "/mijn/bewijzen/" in award_mail.as_string() or "/bewijzen/" in award_mail.as_string()

    # The certificate: a PDF, and a page that verifies it.
    lina.goto(site.url + "/mijn/bewijzen/")
    pdf_path = lina.get_by_role("link", name="Download pdf").first.get_attribute("href")
    assert pdf_path is not None
    pdf = lina.context.request.get(site.url + pdf_path)
    reader = PdfReader(BytesIO(pdf.body()))
    text = reader.pages[0].extract_text()
    for words in (
        "Lina van den Broek",
        "bewijs van deelname",
        "Herkennen",
        "Erkennen",
        "Tegengaan",
        TITLE,
        "ROC Mondriaan",
    ):
        assert words.lower() in text.lower()
    printed = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", text)
    assert printed
    anyone = visitor().go("/controle/")
    anyone.locator("main input[type=text]").first.fill(printed.group(0).lower())
    anyone.locator("main form button[type=submit]").first.click()
    expect(anyone.locator("main")).to_contain_text("Lina van den Broek")
    expect(anyone.locator("main")).to_contain_text("Geldig")
    assert site.sql(
        "SELECT count(*) FROM certificates_award a JOIN parties_person p ON p.id = a.person_id WHERE p.email = ?",
        NEWCOMER,
    ) == [(1,)]
    ruben.goto(site.url + "/mijn/bewijzen/")
    expect(ruben.locator("main")).not_to_contain_text("Download pdf")

    # HR sees one more trained, the party's commitment moves, the network follows.
    assert trained(hr, site, "/organisaties/roc-mondriaan/") == hr_before + 1
    hr.goto(site.url + "/organisaties/roc-mondriaan/?zoek=Lina")
    expect(hr.locator("main")).to_contain_text("Lina van den Broek")
    assert hr.context.request.get(site.url + pdf_path).status == 200
    assert trained(coordinator, site) == trained_before + 1
    assert trained(network, site, "/voortgang/") == network_before + 1
    checked = site.manage("rebuild_ledger", "--check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def now_of(site: RunningSite) -> dt.datetime:
    """What the clock of the server says."""
    offset = float((site.var / "clock").read_text())
    return dt.datetime.now(AMSTERDAM) + dt.timedelta(seconds=offset)


def next_weekday(days: int) -> dt.datetime:
    day = dt.datetime.now(AMSTERDAM).replace(second=0, microsecond=0) + dt.timedelta(days=days)
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def wait_until(true: Callable[[], bool], timeout: float = 20) -> None:
    end = time.monotonic() + timeout
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)
