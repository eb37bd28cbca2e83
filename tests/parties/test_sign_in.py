"""Coming in with a code or a password; the codes are read from the outbox."""

import re
import time
from datetime import timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from parties.actions.people import password_set, person_create
from parties.models import OutboxMessage, Person
from parties.signals import due
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
PASSWORD = "vier woorden op een rij"


@pytest.fixture(autouse=True)
def _quick_hashes(settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def known() -> Person:
    return person_create(name="Sevgi van Vliet", email="sevgi@vanvliet.example")


def code_of(address: str) -> str:
    message = OutboxMessage.objects.filter(to_address=address, kind="code").latest("pk")
    return re.findall(r"\b\d{6}\b", message.text)[0]


def ask(client: Client, address: str, target: str = "") -> object:
    return client.post("/inloggen/", {"email": address, "next": target})


def answer(client: Client, code: str) -> object:
    return client.post("/inloggen/code/", {"code": code, "action": "verify"})


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_known_person_comes_in_with_the_code_from_the_mail(client, known):
    assert ask(client, "Sevgi@VanVliet.example").url == "/inloggen/code/"
    assert "sevgi@vanvliet.example" in client.get("/inloggen/code/").content.decode()
    response = answer(client, code_of("sevgi@vanvliet.example"))
    assert (response.status_code, response.url) == (302, "/mijn/")
    assert client.session["_auth_user_id"] == str(known.pk)
    assert Person.objects.count() == 1


def test_a_code_may_be_typed_with_spaces(client, known):
    ask(client, known.email)
    code = code_of(known.email)
    assert answer(client, f" {code[:3]} {code[3:]} ").status_code == 302


def test_an_unknown_address_becomes_somebody_only_when_its_code_is_right(client):
    ask(client, "nieuw@example.org")
    answer(client, wrong(code_of("nieuw@example.org")))
    assert not Person.objects.exists()
    response = answer(client, code_of("nieuw@example.org"))
    assert response.url == "/mijn/werkplek/"
    person = Person.objects.get()
    assert (person.email, person.name) == ("nieuw@example.org", "")
    assert list(person.emailaddress_set.values_list("email", "verified", "primary")) == [
        ("nieuw@example.org", True, True)
    ]


@time_machine.travel("2026-11-23 12:00 +0000", tick=False)
def test_nobody_can_tell_a_known_address_from_an_unknown_one(known):
    """The same answers, page for page, and the same mail but for the code."""
    seen = []
    for address in ("sevgi@vanvliet.example", "iemand@vanvliet.example"):
        client, pages = Client(), []
        for response in (
            ask(client, address),
            client.get("/inloggen/code/"),
            answer(client, wrong(code_of(address))),
            client.post("/inloggen/code/", {"action": "resend"}),
            client.post("/inloggen/wachtwoord/", {"email": address, "password": "niet dit wachtwoord"}),
        ):
            body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
            headers = {key: sorted(value.split("; ")) for key, value in response.headers.items()}
            headers.pop("Content-Length", None)  # the addresses are not of one length
            body = body.replace(address, "ADDRESS").replace(wrong(code_of(address)), "TYPED")
            pages.append((response.status_code, headers, body))
        mail = OutboxMessage.objects.get(to_address=address)
        code = code_of(address)
        words = [part.replace(code, "CODE") for part in (mail.subject, mail.text, mail.html)]
        seen.append((pages, words, mail.person, mail.kind, mail.reply_to))
    assert "ADDRESS" in seen[0][0][1][2]
    for known_page, unknown_page in zip(seen[0][0], seen[1][0], strict=True):
        assert known_page == unknown_page
    assert seen[0] == seen[1]


def test_a_wrong_code_says_how_often_one_may_still_try_and_then_stops(client, known):
    ask(client, known.email)
    code = code_of(known.email)
    left = [
        re.search(r"nog (\d|één) ?keer", answer(client, wrong(code)).content.decode()).group(1)  # type: ignore[union-attr]
        for _ in range(4)
    ]
    assert left == ["4", "3", "2", "één"]
    assert answer(client, wrong(code)).url == "/inloggen/"
    assert answer(client, code).url == "/inloggen/"
    assert "_auth_user_id" not in client.session
    assert 'value="sevgi@vanvliet.example"' in client.get("/inloggen/").content.decode()


def test_a_code_works_for_fifteen_minutes_and_in_one_browser(client, known):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(client, known.email)
        code = code_of(known.email)
        assert answer(Client(), code).url == "/inloggen/"
        clock.shift(timedelta(minutes=15, seconds=1))
        assert answer(client, code).url == "/inloggen/"
        assert "_auth_user_id" not in client.session


def test_a_new_code_replaces_the_old_one_and_waits_a_minute(client, known):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(client, known.email)
        first = code_of(known.email)
        client.post("/inloggen/code/", {"action": "resend"})
        assert OutboxMessage.objects.count() == 1
        clock.shift(61)
        client.post("/inloggen/code/", {"action": "resend"})
        assert OutboxMessage.objects.count() == 2
        if first != code_of(known.email):
            assert answer(client, first).status_code == 200
        assert answer(client, code_of(known.email)).status_code == 302


def test_the_code_is_neither_in_the_session_nor_in_the_subject_nor_in_the_log(client, known, caplog):
    caplog.set_level("DEBUG")
    ask(client, known.email)
    code = code_of(known.email)
    assert code not in str(dict(client.session))
    assert code not in OutboxMessage.objects.get().subject
    assert code not in caplog.text


def test_the_outbox_forgets_codes_that_no_longer_work(client, known):
    sent = OutboxMessage.objects.create(
        kind="code", to_address="a@x.example", message_id="<1>", text="111111", html="1", state="sent"
    )
    late = OutboxMessage.objects.create(
        kind="code", to_address="b@x.example", message_id="<2>", text="222222", html="2"
    )
    other = OutboxMessage.objects.create(kind="come-in", to_address="b@x.example", message_id="<3>", text="Kom binnen")
    OutboxMessage.objects.update(created_at=timezone.now() - timedelta(minutes=16))
    ask(client, known.email)
    due.send(sender=None, now=timezone.now())
    rows = {row.pk: (row.state, row.text, row.html) for row in OutboxMessage.objects.all()}
    assert rows[sent.pk] == ("sent", "", "")
    assert rows[late.pk] == ("failed", "", "")
    assert rows[other.pk] == ("queued", "Kom binnen", "")
    assert code_of(known.email)


@pytest.mark.parametrize(
    ("target", "there"),
    [
        ("/trainingen/?kant=school", "/trainingen/?kant=school"),
        ("https://elders.example/", "/mijn/"),
        ("//elders.example/", "/mijn/"),
        ("javascript:alert(1)", "/mijn/"),
        ("", "/mijn/"),
    ],
)
def test_one_goes_on_where_one_was_but_only_on_this_site(client, known, target, there):
    ask(client, known.email, target)
    assert answer(client, code_of(known.email)).url == there


def test_who_is_new_chooses_a_workplace_first_and_then_goes_on(client):
    ask(client, "nieuw@example.org", "/trainingen/3/")
    there = answer(client, code_of("nieuw@example.org")).url
    assert there == f"/mijn/werkplek/?next={quote('/trainingen/3/', safe='')}"


def test_an_address_is_held_to_a_number_of_codes_in_words_whether_it_is_known_or_not(known):
    for address in (known.email, "iemand@example.org"):
        for _ in range(5):
            assert ask(Client(), address).status_code == 302
        response = ask(Client(), address)
        assert response.status_code == 200
        assert "Er is te vaak een code gevraagd" in response.content.decode()
        assert f'value="{address}"' in response.content.decode()
        assert OutboxMessage.objects.filter(to_address=address).count() == 5


def test_an_ip_address_is_held_to_a_number_of_codes(client):
    for number in range(150):
        assert ask(client, f"iemand{number}@example.org").status_code == 302
    assert ask(client, "nog.iemand@example.org").status_code == 200
    assert client.post("/inloggen/", {"email": "een@example.org"}, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_guessing_over_many_codes_stops_too(known):
    code = ""
    for _ in range(20):
        client = Client()
        session = client.session
        session["code_challenge"] = {
            "purpose": "sign-in", "address": known.email, "digest": "x", "at": time.time(), "next": "", "person_id": None, "tries_left": 5
        }  # fmt: skip
        session.save()
        assert "klopt niet" in answer(client, "000000").content.decode()
    client = Client()
    ask(client, known.email)
    code = code_of(known.email)
    response = answer(client, code)
    assert "te veel codes geprobeerd" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_somebody_with_a_password_may_use_it(client, known):
    password_set(person=known, password=PASSWORD)
    response = client.post(
        "/inloggen/wachtwoord/", {"email": "SEVGI@vanvliet.example", "password": PASSWORD, "next": "/modules/"}
    )
    assert response.url == "/modules/"
    assert client.session["_auth_user_id"] == str(known.pk)


def test_passwords_are_held_to_a_number_of_tries_in_words(known):
    password_set(person=known, password=PASSWORD)
    said = []
    for address in (known.email, "iemand@example.org"):
        cache.clear()
        for _ in range(12):
            body = Client().post("/inloggen/wachtwoord/", {"email": address, "password": "fout"}).content.decode()
            said.append(
                "horen niet bij elkaar" if "horen niet bij elkaar" in body else "te vaak" if "te vaak" in body else body
            )
    assert said[:12] == said[12:]
    assert (said[0], said[11]) == ("horen niet bij elkaar", "te vaak")
    assert (
        "te vaak"
        in Client()
        .post("/inloggen/wachtwoord/", {"email": "iemand@example.org", "password": PASSWORD})
        .content.decode()
    )


def test_who_is_not_active_does_not_come_in(client, known):
    password_set(person=known, password=PASSWORD)
    Person.objects.update(is_active=False)
    ask(client, known.email)
    assert "gesloten" in answer(client, code_of(known.email)).content.decode()
    client.post("/inloggen/wachtwoord/", {"email": known.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_bad_input_gets_a_sentence_and_stays(client):
    body = ask(client, "geen adres").content.decode()
    assert "Dit is geen e-mailadres. Schrijf het als naam@organisatie.nl." in body
    assert 'value="geen adres"' in body


def test_signing_out_takes_a_post(client, known):
    client.force_login(known)
    assert client.get("/uitloggen/").status_code == 200
    assert client.session["_auth_user_id"]
    assert client.post("/uitloggen/").url == "/"
    assert "_auth_user_id" not in client.session


def test_the_mail_to_come_in_is_followed_by_the_rights_of_today(client, known):
    from tests.factories import RoleFactory

    RoleFactory(person=known, kind="administrator")
    MembershipFactory(person=known)
    ask(client, known.email)
    answer(client, code_of(known.email))
    known.refresh_from_db()
    assert (known.is_staff, known.is_superuser) == (True, True)


def test_without_demo_nobody_signs_in_with_one_click(client, settings):
    from django.conf.urls.i18n import i18n_patterns
    from django.http import Http404
    from django.test import RequestFactory
    from django.urls import include, path

    from cms.urls import urlpatterns
    from parties.views.demo import demo_sign_in

    person_create(name="Yasmina", email="school@demo.example")
    with pytest.raises(Http404):
        demo_sign_in(RequestFactory().post("/demo/inloggen/", {"email": "school@demo.example"}))
    assert client.post("/demo/inloggen/", {"email": "school@demo.example"}).status_code == 404
    assert "demo.example" not in client.get("/inloggen/").content.decode()
    settings.DEMO = True
    demo = i18n_patterns(path("", include("cms.demo_urls")), prefix_default_language=False)
    settings.ROOT_URLCONF = (*demo, *urlpatterns)  # pages of the demo link to its mailbox
    assert "school@demo.example" in client.get("/inloggen/").content.decode()


def test_in_the_demo_only_its_own_accounts_do(rf, settings, client):
    from django.http import Http404

    from parties.views.demo import demo_sign_in

    settings.DEMO = True
    person_create(name="Iemand", email="iemand@example.org")
    with pytest.raises(Http404):
        demo_sign_in(rf.post("/demo/inloggen/", {"email": "iemand@example.org"}))
