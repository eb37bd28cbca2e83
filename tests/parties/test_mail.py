import datetime as dt
import email
from email.message import EmailMessage
from email.policy import default

import pytest
from django.core.mail import get_connection
from django.template import engines
from django.template.loaders.locmem import Loader

from parties.mail import RawEmail, Rendered, build, render_mail
from parties.models import OutboxMessage

CREATED = dt.datetime(2026, 11, 23, 9, 15, 30, tzinfo=dt.UTC)
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def message(**fields: object) -> OutboxMessage:
    values = {
        "kind": "test",
        "to_address": "sevgi@example.org",
        "subject": "Je hebt een plek",
        "text": "Dag Şevgi,\nje hebt een plek.\n",
        "message_id": "<5e3f@demo.example>",
        "created_at": CREATED,
    }
    return OutboxMessage(**(values | fields))


def parsed(row: OutboxMessage) -> EmailMessage:
    return email.message_from_bytes(build(row), policy=default)


def structure(part: EmailMessage) -> object:
    if part.is_multipart():
        return (part.get_content_type(), [structure(child) for child in part.iter_parts()])
    return part.get_content_type()


def test_an_invitation_holds_the_calendar_as_last_alternative_and_as_file() -> None:
    mail = parsed(
        message(html="<p>Dag</p>", calendar=CALENDAR, calendar_method="REQUEST", reply_to="trainer@example.org")
    )
    assert structure(mail) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html", "text/calendar"]), "application/ics"],
    )
    alternative, attachment = mail.iter_parts()
    _plain, _html, calendar = alternative.iter_parts()
    assert calendar["Content-Type"].params == {"method": "REQUEST", "charset": "utf-8"}
    assert calendar["Content-Transfer-Encoding"] == attachment["Content-Transfer-Encoding"] == "base64"
    assert calendar["Content-Disposition"] is None
    assert attachment.get_filename() == "invite.ics"
    assert calendar.get_payload(decode=True) == attachment.get_payload(decode=True) == CALENDAR.encode()


def test_the_headers_are_these_and_no_others() -> None:
    mail = parsed(message(reply_to="trainer@example.org"))
    assert dict(mail.items()) == {
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
        "MIME-Version": "1.0",
        "From": "Gelijkop <gelijkop@demo.example>",
        "To": "sevgi@example.org",
        "Reply-To": "trainer@example.org",
        "Subject": "Je hebt een plek",
        "Date": "Mon, 23 Nov 2026 09:15:30 +0000",
        "Message-ID": "<5e3f@demo.example>",
        "Auto-Submitted": "auto-generated",
    }


def test_without_invitation_there_is_text_and_perhaps_html() -> None:
    assert structure(parsed(message())) == "text/plain"
    assert structure(parsed(message(html="<p>Dag</p>"))) == ("multipart/alternative", ["text/plain", "text/html"])
    assert structure(parsed(message(calendar=CALENDAR, calendar_method="CANCEL"))) == (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/calendar"]), "application/ics"],
    )


def test_words_survive_the_journey() -> None:
    text = "Dag Şevgi – één regel" + " met heel veel woorden" * 60 + "\n.\nFrom hier verder\n"
    mail = parsed(message(subject="Één plek – Łódź " * 8, text=text, html=f"<p>{text}</p>"))
    assert str(mail["Subject"]).split() == ("Één plek – Łódź " * 8).split()
    plain, html = mail.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == text
    assert html.get_content().replace("\r\n", "\n").rstrip("\n") == f"<p>{text}</p>".rstrip("\n")


def test_lines_on_the_wire_are_short_ascii_and_end_in_crlf() -> None:
    raw = build(message(subject="é" * 200, html="<p>" + "ë" * 3000, calendar=CALENDAR, calendar_method="REQUEST"))
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert raw.isascii()


def test_the_same_row_is_the_same_message_byte_for_byte() -> None:
    fields = {"html": "<p>Dag</p>", "calendar": CALENDAR, "calendar_method": "REQUEST"}
    assert build(message(**fields)) == build(message(**fields))
    assert build(message(**fields)) != build(message(**fields, message_id="<other@demo.example>"))


def test_an_international_domain_is_written_in_ascii() -> None:
    assert parsed(message(to_address="a@bücher.nl"))["To"] == "a@xn--bcher-kva.nl"


@pytest.mark.parametrize("field", ["subject", "to_address", "reply_to"])
def test_nobody_adds_a_header(field: str) -> None:
    with pytest.raises(ValueError, match=r"newline|line|Header|Invalid address"):
        build(message(**{field: "a@b.nl\r\nBcc: c@d.nl"}))


def test_the_folder_holds_the_raw_messages_in_the_order_of_sending(settings: object) -> None:
    settings.EMAIL_BACKEND = "parties.mail.FolderBackend"
    raws = [build(message(message_id=f"<{number}@demo.example>")) for number in range(5)]
    for raw in raws:
        get_connection().send_messages([RawEmail(raw, subject="s", body="b", to="a@b.nl")])
    files = sorted(settings.MAIL_DIR.iterdir())
    assert [file.suffix for file in files] == [".eml"] * 5
    assert [file.read_bytes() for file in files] == raws


@pytest.fixture
def templates(settings: object) -> None:
    """Templates of this test beside the site's own."""
    own = {
        "t/mail.subject.txt": "{% load i18n %}{% translate 'Dutch' %}:\n  {{ name }} & co\n",
        "t/mail.txt": "\nDag {{ name }},\n\n \n\n{{ site_url }}\n\n",
        "t/mail.mjml.html": "<mjml><mj-body><mj-text>Dag {{ name }} &amp; {{ language }}</mj-text></mj-body></mjml>",
        "t/bare.subject.txt": "x",
        "t/bare.txt": "y",
    }
    [engine] = engines.all()
    engine.engine.template_loaders.insert(0, Loader(engine.engine, own))
    yield
    engine.engine.template_loaders.pop(0)


@pytest.mark.usefixtures("templates")
def test_a_mail_is_rendered_in_the_language_of_who_gets_it() -> None:
    dutch = render_mail("t/mail", language="nl", context={"name": "<Jan>"})
    assert (dutch.subject, dutch.text) == ("Nederlands: <Jan> & co", "Dag <Jan>,\n\nhttp://127.0.0.1:8000\n")
    assert "Dag &lt;Jan&gt; &amp; nl" in dutch.html
    assert "<mj-" not in dutch.html
    assert render_mail("t/mail", language="en", context={"name": "Jan"}).subject == "Dutch: Jan & co"


@pytest.mark.usefixtures("templates")
def test_a_mail_without_mjml_is_text_only() -> None:
    assert render_mail("t/bare", language="nl", context={}) == Rendered(subject="x", text="y\n", html="")
