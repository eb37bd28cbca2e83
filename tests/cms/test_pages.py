"""Every page of ours on the demo: it answers, within 25 queries."""

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certificates.models import Certificate
from cms.actions.demo import demo_load
from parties.models import OutboxMessage, Person
from sessions.models import Training
from tests.english import dutch_links, unmarked_dutch

pytestmark = pytest.mark.django_db

MOST = 25
PAGES = {
    None: [
        "/", "/modules/", "/modules/herkennen/", "/modules/herkennen/een-wens-van-de-klant/", "/trainingen/", "/trainingen/{training}/",
        "/leerroutes/gelijke-stagekansen/", "/controle/", "/controle/{code}/", "/partijen/", "/partijen/roc-mondriaan/",
        "/voortgang/", "/voortgang.json", "/over-het-manifest/", "/inloggen/",
        "/zoeken/", "/modules/kleine-bedrijven/", "/modules/herkennen/afdrukken/", "/waar-kun-je-terecht/",
    ],
    "werkplek": [
        "/", "/mijn/", "/mijn/gegevens/", "/mijn/werkplek/", "/mijn/bewijzen/", "/modules/", "/modules/erkennen/",
        "/modules/herkennen/een-wens-van-de-klant/", "/modules/erkennen/", "/aanwezig/", "/intervisie/", "/trainingen/", "/trainingen/{training}/",
        "/trainingen/{training}/inschrijven/",
    ],
    "trainer": [
        "/trainingen/", "/trainingen/nieuw/", "/trainingen/{training}/", "/trainingen/{training}/bewerken/",
        "/trainingen/{training}/deelnemers/", "/trainingen/{training}/aanwezigheid/", "/trainingen/{training}/materiaal/",
    ],
    "hr": [
        "/organisaties/roc-mondriaan/", "/organisaties/roc-mondriaan/import/", "/organisaties/roc-mondriaan/bevestigen/",
        "/organisaties/roc-mondriaan/inschrijven/", "/organisaties/roc-mondriaan/inschrijven/{training}/",
    ],
    "coordinator": [
        "/partijen/roc-mondriaan/", "/partijen/roc-mondriaan/organisaties/", "/partijen/roc-mondriaan/waar-kun-je-terecht/",
        "/waar-kun-je-terecht/",
    ],
    "redactie": ["/waar-kun-je-terecht/", "/waar-kun-je-terecht/plekken/", "/waar-kun-je-terecht/plekken/nieuw/"],
    "netwerk": ["/voortgang/", "/partijen/sbb/"],
}  # fmt: skip


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory) -> object:
    """The demo, loaded once for this module in a transaction of its own and rolled back after it."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        demo_load()
        training = Training.objects.filter(state="published", trainers__email="trainer@demo.example").order_by("pk")[0]
        yield {"training": training.pk, "code": Certificate.objects.order_by("pk")[0].code}
        transaction.set_rollback(True)


# Wagtail leaves the temporary file of a new rendition to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("account", "path"), [(account, path) for account, paths in PAGES.items() for path in paths])
def test_a_page_answers_within_25_queries(demo: dict, account: str | None, path: str) -> None:
    client = Client()
    if account:
        person = Person.objects.get(email=f"{account}@demo.example")
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert connection.features.supports_json_field  # asked once a connection, with queries of its own
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path.format(**demo))
    assert answer.status_code == 200
    assert len(queries) <= MOST, "\n".join(query["sql"][:200] for query in queries)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the same renditions
@pytest.mark.parametrize(
    ("account", "path"), [(account, path) for account, paths in PAGES.items() for path in paths if ".json" not in path]
)
def test_a_page_is_english_under_en(demo: dict, account: str | None, path: str) -> None:
    """What is Dutch on it says so, and its links stay in English."""
    client = Client()
    if account:
        person = Person.objects.get(email=f"{account}@demo.example")
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"/en{path}".format(**demo))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'html lang="en"' in html
    assert unmarked_dutch(html) == []
    assert dutch_links(html) == {path.format(**demo)}
    assert len(queries) <= MOST


def test_the_demo_holds_every_kind_of_invitation(demo: dict) -> None:
    kinds = set(OutboxMessage.objects.exclude(calendar="").values_list("kind", "calendar_method"))
    assert kinds == {
        ("invitation-new", "REQUEST"),
        ("invitation-moved", "REQUEST"),
        ("invitation-place", "REQUEST"),
        ("invitation-training_cancelled", "CANCEL"),
    }


def test_loading_the_demo_again_changes_nothing(demo: dict) -> None:
    before = (Person.objects.count(), OutboxMessage.objects.count(), Training.objects.count())
    assert demo_load() is False
    assert (Person.objects.count(), OutboxMessage.objects.count(), Training.objects.count()) == before


def test_certificates_of_the_demo_come_after_what_stands_on_them(demo: dict) -> None:
    certificates = Certificate.objects.select_related("award").filter(award__known_from=None)
    assert len(certificates) > 50
    for certificate in certificates:
        issued = timezone.localdate(certificate.award.awarded_at)
        modules = {item["title"]: item["date"] for item in certificate.snapshot["courses"]}
        assert modules["Herkennen"] < modules["Erkennen"] < modules["Tegengaan"]
        trainings = [item["date"] for item in certificate.snapshot["trainings"]]
        assert max(*modules.values(), *trainings) <= issued.isoformat()
        assert certificate.number.startswith(f"GK-{issued.year}-")
