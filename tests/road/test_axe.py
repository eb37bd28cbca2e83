"""Every page of the road, and the main ones in English, in light and dark, on a phone and a screen: axe finds nothing."""

import datetime as dt

import pytest
from playwright.sync_api import Browser

from tests.road.looks import EACH_ONCE, LOOKS, Findings, looked_at
from tests.running import RunningSite, Visitor

pytestmark = pytest.mark.browser

PAGES = {
    None: [
        "/", "/inloggen/", "/inloggen/wachtwoord/", "/modules/", "/modules/herkennen/", "{lesson}", "/trainingen/", "/trainingen/{training}/",
        "/trainingen/?weergave=maand", "/trainingen/?weergave=maand&maand=13&kant=x",
        "/leerroutes/gelijke-stagekansen/", "/controle/", "/controle/{code}/", "/partijen/", "/partijen/roc-mondriaan/",
        "/voortgang/", "/over-het-manifest/", "/privacy/", "/toegankelijkheid/", "/hulp/", "/waar-kun-je-terecht/",
        "/zoeken/", "/zoeken/?zoek=klant", "/zoeken/?zoek=a", "/zoeken/?zoek=fietsbel", "/modules/kleine-bedrijven/",
        "/modules/herkennen/afdrukken/", "/bestaat-niet/", "/demo/", "/demo/postbus/?aan={reader}", "/stijl/",
        "/bijeenkomsten/", "/bijeenkomsten/{event}/", "/bijeenkomsten/{held}/",
    ],
    "werkplek": [
        "/", "/mijn/", "/mijn/gegevens/", "/mijn/werkplek/", "/mijn/bewijzen/", "/intervisie/", "/modules/erkennen/", "{lesson}", "{story}", "/aanwezig/",
        "/modules/kleine-bedrijven/", "{lesson}?route=kleine-bedrijven", "/waar-kun-je-terecht/",
        "/trainingen/{training}/", "/trainingen/{training}/inschrijven/", "/bijeenkomsten/{event}/inschrijven/",
        "/intervisie/meedoen/",
    ],
    "trainer": [
        "/trainingen/nieuw/", "/trainingen/{training}/bewerken/", "/trainingen/{training}/deelnemers/",
        "/trainingen/{training}/aanwezigheid/", "/trainingen/{training}/aanwezigheid/code/", "/trainingen/{training}/materiaal/",
        "/trainingen/{training}/afzeggen/", "/trainingen/{training}/kopie/", "/trainingen/{training}/kopie/?vanaf={soon}",
        "/trainingen/?weergave=maand", "/trainingen/{training}/na-afloop/",
    ],
    "hr": ["/organisaties/roc-mondriaan/", "/organisaties/roc-mondriaan/import/", "/organisaties/roc-mondriaan/bevestigen/",
        "/organisaties/roc-mondriaan/inschrijven/", "/organisaties/roc-mondriaan/inschrijven/{training}/",
    ],
    "coordinator": [
        "/partijen/roc-mondriaan/", "/partijen/roc-mondriaan/organisaties/", "/partijen/roc-mondriaan/waar-kun-je-terecht/",
        "/partijen/roc-mondriaan/waar-kun-je-terecht/nieuw/",
        "/bijeenkomsten/nieuw/", "/bijeenkomsten/{event}/deelnemers/", "/bijeenkomsten/{event}/deelnemers/inschrijven/",
    ],
    "gespreksleider": [
        "/intervisie/", "/intervisie/{group}/", "/intervisie/{group}/afspraken/", "{proposal}",
        "/intervisie/{group}/bijeenkomsten/{meeting}/", "/intervisie/{group}/gesprek/{meeting}/", "/intervisie/methodes/",
        "/intervisie/nieuw/", "/intervisie/wachtenden/", "/intervisie/{asked}/leden/", "/intervisie/{group}/afsluiten/",
    ],
    "redactie": ["/waar-kun-je-terecht/plekken/"],
    "netwerk": [
        "/voortgang/", "/bijeenkomsten/", "/bijeenkomsten/{event}/", "/bijeenkomsten/{event}/deelnemers/", "/bijeenkomsten/{event}/bewerken/",
        "/bijeenkomsten/{event}/materiaal/", "/bijeenkomsten/{event}/afzeggen/", "/bijeenkomsten/{held}/aanwezigheid/",
    ],
}  # fmt: skip
#: In two of the four looks: as high as many screens, or built like another page here, or looked at in full by another test.
SHORTLY = {
    "/modules/herkennen/afdrukken/", "/stijl/", "/intervisie/methodes/", "{proposal}", "/intervisie/{group}/gesprek/{meeting}/",
    "/intervisie/{group}/bijeenkomsten/{meeting}/", "/bijeenkomsten/{event}/bewerken/", "/bijeenkomsten/{event}/materiaal/",
    "/bijeenkomsten/{event}/afzeggen/", "/bijeenkomsten/{event}/deelnemers/inschrijven/", "/en/bijeenkomsten/{event}/",
}  # fmt: skip
ENGLISH = {
    None: [
        "/en/", "/en/inloggen/", "/en/modules/", "/en/modules/herkennen/", "/en{translated}", "/en{lesson}", "/en/trainingen/", "/en/trainingen/?weergave=maand",
        "/en/partijen/roc-mondriaan/", "/en/zoeken/?zoek=klant", "/en/bestaat-niet/", "/en/bijeenkomsten/{event}/",
    ],
    "werkplek": ["/en/mijn/", "/en/mijn/gegevens/", "/en/trainingen/{training}/"],
    "trainer": ["/en/trainingen/nieuw/"],
}  # fmt: skip
ROUNDS = [
    *((account or "nobody", account, paths) for account, paths in PAGES.items()),
    *((f"{account or 'nobody'}-en", account, paths) for account, paths in ENGLISH.items()),
]


@pytest.fixture(scope="module")
def keys(running_site: RunningSite) -> dict[str, object]:
    trainer = "SELECT id FROM parties_person WHERE email = 'trainer@demo.example'"
    [(training,)] = running_site.sql(
        "SELECT t.id FROM meetings_training t JOIN meetings_training_trainers x ON x.training_id = t.id"
        f" WHERE t.state = 'published' AND x.person_id IN ({trainer}) ORDER BY t.id LIMIT 1"
    )
    [(code,)] = running_site.sql("SELECT code FROM certificates_certificate ORDER BY id LIMIT 1")
    [(group,)] = running_site.sql("SELECT id FROM meetings_intervisiongroup ORDER BY id LIMIT 1")
    [(meeting,)] = running_site.sql(
        "SELECT id FROM meetings_meeting WHERE group_id = ? ORDER BY starts_at DESC LIMIT 1", group
    )
    [(event,)] = running_site.sql("SELECT id FROM meetings_networkevent WHERE state = 'published' ORDER BY id LIMIT 1")
    [(held,)] = running_site.sql("SELECT id FROM meetings_networkevent WHERE state = 'closed' ORDER BY id LIMIT 1")
    [(reader,)] = running_site.sql(  # whose mails are with and without a calendar
        "SELECT to_address FROM parties_outboxmessage GROUP BY to_address"
        " HAVING SUM(calendar = '') > 0 AND SUM(calendar <> '') > 0 ORDER BY COUNT(*) DESC LIMIT 1"
    )
    first = dt.date.today() + dt.timedelta(weeks=8)
    [(asked,)] = running_site.sql("SELECT group_id FROM meetings_candidate WHERE state = 'to_decide' LIMIT 1")
    return {
        "asked": asked,
        "reader": reader,
        "group": group,
        "meeting": meeting,
        "proposal": f"/intervisie/{group}/bijeenkomsten/?first={first}&starts=15:00&weeks=7&conversations=3",
        "event": event,
        "held": held,
        "training": training,
        "code": code,
        "soon": dt.date.today() + dt.timedelta(weeks=20),
        "lesson": "/modules/herkennen/een-wens-van-de-klant/",
        "translated": "/modules/herkennen/wat-is-onderscheid/",
        "story": "/modules/erkennen/serieus-nemen/",
    }


@pytest.mark.parametrize(
    ("account", "paths"), [(account, paths) for _, account, paths in ROUNDS], ids=[name for name, _, _ in ROUNDS]
)
def test_axe_finds_nothing(
    running_site: RunningSite, browser: Browser, keys: dict, axe: Findings, account: str | None, paths: list[str]
) -> None:
    visitor = Visitor(running_site, browser.new_context(locale="nl-NL"))
    if account:
        visitor.demo_sign_in(f"{account}@demo.example")
    wrong = {}
    for path in paths:
        found = looked_at(visitor.go(path.format(**keys)), axe, EACH_ONCE if path in SHORTLY else LOOKS)
        if found:
            wrong[path] = found
    visitor.page.context.close()
    assert wrong == {}
