"""'Who may come where' of the contract: every row, for every demo account and for nobody signed in."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import APIRequestContext, Playwright

from tests.running import RunningSite

pytestmark = pytest.mark.browser

NOBODY = "nobody"
ACCOUNTS = (
    "school", "werkplek", "trainer", "gespreksleider", "hr", "coordinator", "netwerk", "redactie", "deskundige", "beheer",
)  # fmt: skip
EVERYONE = frozenset({NOBODY, *ACCOUNTS})
SIGNED_IN = frozenset(ACCOUNTS)


class People:
    """Each account signed in once, in a client of its own."""

    def __init__(self, playwright: Playwright, site: RunningSite) -> None:
        self.site = site
        self.playwright = playwright
        self.clients: dict[str, APIRequestContext] = {}

    def client(self, account: str) -> APIRequestContext:
        if account not in self.clients:
            client = self.playwright.request.new_context(base_url=self.site.url)
            self.clients[account] = client
            if account != NOBODY:
                token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/inloggen/").text())
                assert token
                answer = client.post(
                    "/demo/inloggen/",
                    form={"email": f"{account}@demo.example", "csrfmiddlewaretoken": token.group(1)},
                    headers={"Referer": self.site.url + "/inloggen/"},
                )
                assert answer.ok, f"{account} could not sign in"
        return self.clients[account]

    def status(self, account: str, path: str) -> int | str:
        # A kept connection can be closed by the server just as it is used again.
        answer = self.client(account).get(path, max_redirects=0, max_retries=1)
        if answer.status == 302:
            return answer.headers["location"]
        return answer.status


@pytest.fixture(scope="module")
def people(playwright: Playwright, running_site: RunningSite) -> Iterator[People]:
    everybody = People(playwright, running_site)
    yield everybody
    for client in everybody.clients.values():
        client.dispose()


@pytest.fixture(scope="module")
def things(running_site: RunningSite) -> dict[str, object]:
    """Keys of rows that the demo holds, for addresses with a key in them."""

    def one(query: str) -> object:
        rows = running_site.sql(query)
        assert rows, f"the demo has nothing for {query}"
        return rows[0][0]

    trainer = "SELECT id FROM parties_person WHERE email = 'trainer@demo.example'"
    return {
        "training": one(
            "SELECT t.id FROM meetings_training t JOIN meetings_training_trainers x ON x.training_id = t.id"
            f" WHERE t.state = 'published' AND x.person_id IN ({trainer}) ORDER BY t.id"
        ),
        "someone_elses": one(
            "SELECT t.id FROM meetings_training t WHERE t.state = 'published' AND NOT EXISTS"
            f" (SELECT 1 FROM meetings_training_trainers x WHERE x.training_id = t.id AND x.person_id IN ({trainer}))"
        ),
        "certificate": one(
            "SELECT c.number FROM certificates_certificate c JOIN certificates_awardmembership m ON m.award_id = c.award_id"
            " JOIN parties_organisation o ON o.id = m.organisation_id WHERE o.slug = 'roc-mondriaan' ORDER BY c.id"
        ),
        "code": one("SELECT code FROM certificates_certificate ORDER BY id"),
        "group": one("SELECT id FROM meetings_intervisiongroup ORDER BY id"),
        "meeting": one(
            "SELECT id FROM meetings_meeting WHERE group_id IS NOT NULL AND starts_at > CURRENT_TIMESTAMP ORDER BY group_id, id"
        ),
        "event": one("SELECT id FROM meetings_networkevent WHERE state = 'published' ORDER BY id"),
        "held": one("SELECT id FROM meetings_networkevent WHERE state = 'closed' ORDER BY id"),
    }


def at(*accounts: str) -> frozenset[str]:
    return frozenset(accounts)


PUBLIC = [
    "/", "/over-het-manifest/", "/privacy/", "/toegankelijkheid/", "/hulp/", "/waar-kun-je-terecht/",
    "/zoeken/", "/zoeken/?zoek=klant", "/modules/", "/modules/kleine-bedrijven/", "/modules/herkennen/afdrukken/",
    "/modules/herkennen/", "/modules/erkennen/", "/modules/tegengaan/",
    "/trainingen/", "/trainingen/{training}/", "/leerroutes/gelijke-stagekansen/",
    "/partijen/", "/partijen/roc-mondriaan/", "/partijen/sbb/", "/voortgang/", "/voortgang.json", "/controle/", "/controle/{code}/",
    "/bijeenkomsten/", "/bijeenkomsten/{event}/", "/bijeenkomsten/{held}/",
    "/healthz",
]  # fmt: skip
ROWS = [
    *((path, EVERYONE) for path in PUBLIC),
    ("/mijn/", SIGNED_IN),
    ("/mijn/gegevens/", SIGNED_IN),
    ("/mijn/agenda/", SIGNED_IN),
    ("/mijn/bewijzen/", SIGNED_IN),
    ("/mijn/werkplek/", SIGNED_IN),
    ("/aanwezig/", SIGNED_IN),
    ("/intervisie/", SIGNED_IN),
    ("/intervisie/meedoen/", SIGNED_IN),
    ("/intervisie/nieuw/", at("gespreksleider")),
    ("/intervisie/wachtenden/", at("gespreksleider")),
    ("/intervisie/{group}/", at("gespreksleider")),
    ("/intervisie/{group}/leden/", at("gespreksleider")),
    ("/intervisie/{group}/bewerken/", at("gespreksleider")),
    ("/intervisie/{group}/afsluiten/", at("gespreksleider")),
    ("/intervisie/{group}/overdragen/", at("gespreksleider")),
    ("/intervisie/{group}/verlaten/", at()),
    ("/intervisie/{group}/niet-samen/", at()),
    ("/intervisie/{group}/afspraken/", at("gespreksleider")),
    ("/intervisie/{group}/bijeenkomsten/", at("gespreksleider")),
    ("/intervisie/{group}/bijeenkomsten/{meeting}/", at("gespreksleider")),
    ("/intervisie/{group}/gesprek/{meeting}/", at("gespreksleider")),
    ("/intervisie/methodes/", at("gespreksleider")),
    ("/bijeenkomsten/nieuw/", at("coordinator", "netwerk")),
    ("/bijeenkomsten/{event}/inschrijven/", SIGNED_IN),
    ("/bijeenkomsten/{event}/uitschrijven/", at()),
    ("/bijeenkomsten/{event}/deelnemers/", at("coordinator", "netwerk")),
    ("/bijeenkomsten/{event}/deelnemers/inschrijven/", at("coordinator")),
    ("/bijeenkomsten/{event}/aanwezigheid/", at("netwerk")),
    ("/bijeenkomsten/{event}/bewerken/", at("netwerk")),
    ("/bijeenkomsten/{event}/afzeggen/", at("netwerk")),
    ("/bijeenkomsten/{event}/materiaal/", at("netwerk")),
    ("/trainingen/nieuw/", at("trainer")),
    ("/trainingen/{training}/deelnemers/", at("trainer")),
    ("/trainingen/{training}/aanwezigheid/", at("trainer")),
    ("/trainingen/{training}/aanwezigheid/code/", at("trainer")),
    ("/trainingen/{training}/bewerken/", at("trainer")),
    ("/trainingen/{training}/berichten/", at("trainer", "beheer")),
    ("/trainingen/{someone_elses}/berichten/", at("beheer")),
    ("/trainingen/{someone_elses}/deelnemers/", at()),
    ("/trainingen/{someone_elses}/aanwezigheid/", at()),
    ("/organisaties/roc-mondriaan/", at("hr")),
    ("/organisaties/roc-mondriaan/import/", at("hr")),
    ("/organisaties/roc-mondriaan/bevestigen/", at("hr")),
    ("/organisaties/roc-mondriaan/inschrijven/", at("hr")),
    ("/organisaties/roc-mondriaan/inschrijven/{training}/", at("hr")),
    ("/organisaties/de-haagse-hogeschool/", at()),
    ("/organisaties/de-haagse-hogeschool/inschrijven/", at()),
    ("/organisaties/de-haagse-hogeschool/import/", at()),
    ("/partijen/roc-mondriaan/organisaties/", at("coordinator")),
    ("/partijen/sbb/organisaties/", at()),
    ("/partijen/roc-mondriaan/waar-kun-je-terecht/", at("coordinator")),
    ("/partijen/roc-mondriaan/waar-kun-je-terecht/nieuw/", at("coordinator")),
    ("/partijen/sbb/waar-kun-je-terecht/", at()),
    ("/waar-kun-je-terecht/plekken/", at("redactie", "beheer")),
    ("/bewijzen/{certificate}.pdf", at("hr")),
    ("/cms/", at("redactie", "deskundige", "beheer")),
    ("/cms/images/", at("redactie", "beheer")),
    ("/beheer/", at("beheer")),
    ("/beheer/parties/person/", at("beheer")),
]
BACK_TO_THE_START = {("deskundige", "/cms/images/")}  # Wagtail's answer to who may enter, but not come there
THERE_OR_NOT = [
    ("/intervisie/{group}/", "/intervisie/999999/"),
    ("/intervisie/{group}/gesprek/{meeting}/", "/intervisie/{group}/gesprek/999999/"),
    ("/bijeenkomsten/{event}/deelnemers/", "/bijeenkomsten/999999/deelnemers/"),
    ("/organisaties/roc-mondriaan/", "/organisaties/bestaat-niet/"),
    ("/trainingen/{training}/deelnemers/", "/trainingen/999999/deelnemers/"),
    ("/bewijzen/{certificate}.pdf", "/bewijzen/GK-1999-000000.pdf"),
    ("/partijen/roc-mondriaan/organisaties/", "/partijen/bestaat-niet/organisaties/"),
    ("/partijen/roc-mondriaan/waar-kun-je-terecht/", "/partijen/bestaat-niet/waar-kun-je-terecht/"),
    ("/cms/", "/cms/bestaat-niet/"),
    ("/beheer/", "/beheer/bestaat-niet/"),
]
ONE_ADDRESS = ("/cms/", "/beheer/", "/healthz", "/voortgang.json")


def in_both_languages(rows: list[tuple]) -> list[tuple]:
    """Each row, and again under /en/ for what people read."""
    return [("", *row) for row in rows] + [("/en", *row) for row in rows if not row[0].startswith(ONE_ADDRESS)]


LANGUAGE_ROWS = in_both_languages(ROWS)
NOT_BUILT = [
    "/metrics",
    "/controle/{code}.json", "/partijen/roc-mondriaan/verslag.pdf",
    "/organisaties/roc-mondriaan/export.xlsx", "/organisaties/roc-mondriaan/export.csv",
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "path", "allowed"), LANGUAGE_ROWS, ids=[f"{language}{path}" for language, path, _ in LANGUAGE_ROWS]
)
def test_each_account_comes_where_it_may(
    people: People, things: dict, language: str, path: str, allowed: frozenset[str]
) -> None:
    path = language + path.format(**things)
    expected: dict[str, int | str] = {account: 200 if account in allowed else 404 for account in ACCOUNTS}
    expected |= {account: "/cms/" for account, closed in BACK_TO_THE_START if closed == path}
    expected[NOBODY] = 200 if NOBODY in allowed else f"{language}/inloggen/?next={quote(path)}"
    assert {account: people.status(account, path) for account in (NOBODY, *ACCOUNTS)} == expected


@pytest.mark.parametrize(("language", "there", "not_there"), in_both_languages(THERE_OR_NOT))
def test_who_is_not_signed_in_cannot_tell_whether_it_exists(
    people: People, things: dict, language: str, there: str, not_there: str
) -> None:
    there, not_there = language + there.format(**things), language + not_there.format(**things)
    assert people.status(NOBODY, there) == f"{language}/inloggen/?next={quote(there)}"
    assert people.status(NOBODY, not_there) == f"{language}/inloggen/?next={quote(not_there)}"


@pytest.mark.parametrize("path", NOT_BUILT)
def test_what_no_issue_asked_for_yet_is_not_there_and_not_linked(people: People, things: dict, path: str) -> None:
    path = path.format(**things)
    found = {account: people.client(account).get(path).status for account in (NOBODY, "school", "beheer")}
    assert found == {NOBODY: 404, "school": 404, "beheer": 404}
    assert f'href="{path}"' not in people.client("school").get("/mijn/").text()


def test_exact_totals_are_for_the_coordinator_and_the_network(people: People, running_site: RunningSite) -> None:
    """Everyone else reads a rounded number; the exact one differs, so there was something to hide."""
    parties = [slug for (slug,) in running_site.sql("SELECT slug FROM parties_party ORDER BY position")]

    def numbers(account: str) -> dict[str, int]:
        return {slug: _number_of_trained(people.client(account).get(f"/partijen/{slug}/").text()) for slug in parties}

    exact, public = numbers("netwerk"), numbers(NOBODY)
    assert public == {slug: number - number % 5 for slug, number in exact.items()}
    assert public != exact, "every number of the demo is round by itself, so this test shows nothing"
    assert numbers("coordinator") == public | {"roc-mondriaan": exact["roc-mondriaan"]}
    assert numbers("school") == numbers("hr") == public


def _number_of_trained(html: str) -> int:
    found = re.search(r'data-metric="trained"[^>]*data-value="(\d+)"', html)
    assert found, "the party page marks its number of trained people"
    return int(found.group(1))
