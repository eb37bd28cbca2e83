"""Nobody who takes part sees the mail address of somebody else: in all that the demo sent, and on all that they can open."""

import email
import email.policy
import html
import re
from collections import deque
from email.message import EmailMessage
from urllib.parse import unquote

import pytest
from playwright.sync_api import Playwright

from tests.road.test_access import People
from tests.running import RunningSite

pytestmark = pytest.mark.browser

ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
MOST_PAGES = 150
LEFT_OUT = re.compile(r"^/(en/|cms/|beheer/|static/|media/|demo/|stijl/|uitloggen/|modules/|documenten/)|\?")


def people_of(site: RunningSite) -> set[str]:
    """Every address of a person that the demo knows."""
    rows = site.sql(
        "SELECT email FROM parties_person UNION SELECT work_address FROM parties_membership"
        " UNION SELECT email FROM account_emailaddress UNION SELECT address FROM meetings_invitation"
    )
    return {row[0].lower() for row in rows if row[0]}


def shown_by_agreement(site: RunningSite) -> set[str]:
    shown = "SELECT reply_to FROM meetings_training UNION SELECT reply_to FROM meetings_networkevent"
    shown += " UNION SELECT reply_to FROM meetings_intervisiongroup"
    return {row[0].lower() for row in site.sql(shown)}


def addresses_in(text: str) -> set[str]:
    return {found.lower().strip(".'") for found in ADDRESS.findall(unquote(html.unescape(text)))}


def test_no_mail_of_the_demo_names_the_address_of_another(running_site: RunningSite) -> None:
    everybody, trainers = people_of(running_site), shown_by_agreement(running_site)
    paths = sorted((running_site.var / "mail").glob("*.eml"))
    kinds = {row[0] for row in running_site.sql("SELECT DISTINCT kind FROM parties_outboxmessage WHERE state = 'sent'")}
    assert {"invitation-new", "invitation-moved", "invitation-place", "invitation-training_cancelled"} <= kinds
    assert len(paths) > 50
    for path in paths:
        raw = path.read_bytes()
        message: EmailMessage = email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[assignment]
        parts = [part for part in message.walk() if not part.is_multipart()]
        contents = [part.get_payload(decode=True).decode() for part in parts]
        headers = [f"{name}: {value}" for part in message.walk() for name, value in part.items()]
        own = addresses_in(message["To"])
        assert len(own) == 1
        answers = addresses_in(message["Reply-To"] or "")
        assert answers <= trainers
        found = addresses_in("\n".join([*headers, *(text.replace("\r\n ", "") for text in contents)]))
        assert found & everybody <= own | answers, f"{path.name}: {message['Subject']}"
        assert (message["Cc"], message["Bcc"]) == (None, None)


def test_no_page_that_a_participant_can_open_names_the_address_of_another(
    running_site: RunningSite, playwright: Playwright
) -> None:
    people = People(playwright, running_site)
    try:
        for account in ("werkplek", "school"):
            _walk(people, account)
    finally:
        for client in people.clients.values():
            client.dispose()


def _walk(people: People, account: str) -> None:
    """Everything that links lead to from /mijn/ and /trainingen/, the own feed and data included."""
    site, client = people.site, people.client(account)
    own = {f"{account}@demo.example"}
    hidden = people_of(site) - own - shown_by_agreement(site)
    assert len(hidden) > 100, "there is something to hide"
    waiting, seen, kinds = deque(["/mijn/", "/trainingen/", "/mijn/agenda/", "/mijn/gegevens/"]), set(), set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.popleft()
        if path in seen or LEFT_OUT.search(path):
            continue
        seen.add(path)
        answer = client.get(path)
        if answer.status != 200:
            continue
        kinds.add(re.sub(r"\d+", "1", path))
        kind = answer.headers["content-type"].partition(";")[0]
        if kind not in ("text/html", "text/calendar", "application/json", "text/plain"):
            continue
        text = answer.text().replace("\r\n ", "")
        shown = addresses_in(text) | addresses_in(str(answer.headers))
        assert not shown & hidden, f"{account} sees {shown & hidden} on {path}"
        for link in re.findall(r'(?:href|action)="([^"#]+)', text):
            link = html.unescape(link).removeprefix(site.url)
            if link.startswith("/"):
                waiting.append(link)
    assert {"/mijn/", "/trainingen/1/", "/mijn/agenda/"} <= kinds
    assert any(path.endswith(".ics") for path in seen)
