import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from email import message_from_bytes
from pathlib import Path
from queue import Queue

import pytest
import time_machine
from django.conf import settings as live_settings
from django.core.exceptions import ValidationError
from django.core.mail.backends.smtp import EmailBackend
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from parties.actions.delivery import outbox_deliver
from parties.actions.due import due_run
from parties.actions.outbox import outbox_queue
from parties.mail import Mail
from parties.models import OutboxMessage
from parties.signals import due
from parties.tasks import deliver_outbox
from parties.worker import tasks_recover
from tests.factories import PersonFactory
from tests.parties.mail_server import MailServer, mail_server

NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def server(settings: object) -> Iterator[MailServer]:
    with mail_server(settings) as running:
        yield running


def mail(to: str = "a@example.org", **fields: object) -> Mail:
    return Mail(**({"kind": "test", "to": to, "subject": "Onderwerp", "text": "Tekst\n"} | fields))


def states() -> list[tuple[str, str, int]]:
    return list(OutboxMessage.objects.values_list("to_address", "state", "attempts"))


@pytest.mark.django_db
def test_a_queued_mail_is_a_row_and_a_task_in_the_same_transaction(
    django_capture_on_commit_callbacks: Callable,
) -> None:
    person = PersonFactory()
    with django_capture_on_commit_callbacks(execute=True):
        outbox_queue(
            [
                mail(
                    "A@Example.org",
                    person=person,
                    subject="Een\n onderwerp",
                    html="<p>",
                    reply_to="t@example.org",
                    calendar="BEGIN",
                    method="REQUEST",
                    ordering_key="uid",
                    meeting_id=7,
                )
            ]
        )
    row = OutboxMessage.objects.values().get()
    assert row.pop("message_id").endswith("@demo.example>")
    for moment in ("id", "created_at", "next_attempt_at"):
        row.pop(moment)
    assert row == {
        "kind": "test",
        "person_id": person.pk,
        "to_address": "A@Example.org",
        "reply_to": "t@example.org",
        "subject": "Een onderwerp",
        "text": "Tekst\n",
        "html": "<p>",
        "calendar": "BEGIN",
        "calendar_method": "REQUEST",
        "ordering_key": "uid",
        "meeting_id": 7,
        "state": "queued",
        "attempts": 0,
        "sent_at": None,
        "last_error": "",
    }
    assert [task.task_path for task in DBTaskResult.objects.all()] == ["parties.tasks.deliver_outbox"]


@pytest.mark.django_db
def test_what_is_rolled_back_is_not_sent(server: MailServer) -> None:
    with transaction.atomic():
        outbox_queue([mail()])
        assert OutboxMessage.objects.count() == 1
        transaction.set_rollback(True)
    assert outbox_deliver() == 0
    assert server.messages == []


@pytest.mark.django_db
def test_one_wrong_address_queues_nothing() -> None:
    with pytest.raises(ValidationError):
        outbox_queue([mail(), mail("geen adres")])
    assert OutboxMessage.objects.count() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 3])
def test_queueing_costs_the_same_for_one_and_for_three(number: int, django_assert_num_queries: Callable) -> None:
    with django_assert_num_queries(3):  # the rows, inside a savepoint
        outbox_queue([mail() for _ in range(number)])


@pytest.mark.db
@pytest.mark.django_db
def test_each_message_goes_to_one_person_in_the_order_of_queueing(server: MailServer) -> None:
    outbox_queue([mail(f"{letter}@example.org") for letter in "abc"])
    assert outbox_deliver() == 3
    assert [(sender, to) for sender, to, _raw in server.messages] == [
        ("gelijkop@demo.example", ["a@example.org"]),
        ("gelijkop@demo.example", ["b@example.org"]),
        ("gelijkop@demo.example", ["c@example.org"]),
    ]
    assert states() == [(f"{letter}@example.org", "sent", 1) for letter in "abc"]
    assert outbox_deliver() == 0
    assert len(server.messages) == 3


@pytest.mark.db
@pytest.mark.django_db
def test_a_refused_address_fails_with_a_sentence_and_the_others_go_on(server: MailServer) -> None:
    server.answer_rcpt = lambda to: "550 5.1.1 No such mailbox" if to.startswith("b@") else "250 OK"
    outbox_queue([mail(f"{letter}@example.org", ordering_key="same") for letter in "abc"])
    assert outbox_deliver() == 2
    assert server.received == ["a@example.org", "c@example.org"]
    assert states() == [("a@example.org", "sent", 1), ("b@example.org", "failed", 1), ("c@example.org", "sent", 1)]
    assert OutboxMessage.objects.get(state="failed").last_error.endswith("550 5.1.1 No such mailbox")


@pytest.mark.db
@pytest.mark.django_db
def test_a_message_put_off_holds_back_its_own_key_only(server: MailServer) -> None:
    server.answer_rcpt = lambda to: "451 4.7.1 Try again later" if to.startswith("a@") else "250 OK"
    with time_machine.travel(NOW, tick=False):
        outbox_queue(
            [mail("a@example.org", ordering_key="k"), mail("b@example.org", ordering_key="k"), mail("c@example.org")]
        )
        assert outbox_deliver() == 1
    assert server.received == ["c@example.org"]
    server.answer_rcpt = lambda to: "250 OK"
    with time_machine.travel(NOW + dt.timedelta(seconds=4), tick=False):
        assert outbox_deliver() == 0
    with time_machine.travel(NOW + dt.timedelta(seconds=5), tick=False):
        assert outbox_deliver() == 2
    assert server.received == ["c@example.org", "a@example.org", "b@example.org"]


@pytest.mark.django_db
def test_each_attempt_waits_twice_as_long_until_a_quarter_of_an_hour_and_three_days_are_enough(
    server: MailServer,
) -> None:
    server.answer_data = lambda raw: "452 4.2.2 Mailbox full"
    moment, waited = NOW, []
    with time_machine.travel(NOW, tick=False):
        outbox_queue([mail()])
    for _ in range(10):
        with time_machine.travel(moment, tick=False):
            outbox_deliver()
        row = OutboxMessage.objects.get()
        waited.append(int((row.next_attempt_at - moment).total_seconds()))
        moment = row.next_attempt_at
    assert waited == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]
    with time_machine.travel(NOW + dt.timedelta(days=3, seconds=1), tick=False):
        outbox_deliver()
    row = OutboxMessage.objects.get()
    assert (row.state, row.attempts) == ("failed", 11)
    assert row.last_error.endswith("452 4.2.2 Mailbox full")


@pytest.mark.django_db
def test_a_server_that_is_away_only_delays_and_one_attempt_tells_enough(server: MailServer, settings: object) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with time_machine.travel(NOW, tick=False):
        outbox_queue([mail("a@example.org"), mail("b@example.org")])
        assert outbox_deliver() == 0
        assert states() == [("a@example.org", "queued", 1), ("b@example.org", "queued", 0)]
    settings.EMAIL_PORT = port
    with time_machine.travel(NOW + dt.timedelta(days=30), tick=False):
        assert outbox_deliver() == 2
    assert server.received == ["a@example.org", "b@example.org"]


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["answer_rcpt", "answer_data"])
def test_a_server_that_hangs_up_on_one_delays_only_that_one(server: MailServer, part: str) -> None:
    def hangs_up(told: str | bytes) -> str:
        return "421 4.3.2 Bye" if "a@example.org" in str(told) else "250 OK"

    setattr(server, part, hangs_up)
    with time_machine.travel(NOW, tick=False):
        outbox_queue([mail(f"{letter}@example.org") for letter in "abc"])
        assert outbox_deliver() == 2
    assert states() == [("a@example.org", "queued", 1), ("b@example.org", "sent", 1), ("c@example.org", "sent", 1)]


@pytest.mark.django_db
def test_a_server_that_stalls_over_one_delays_the_others_one_turn(server: MailServer, settings: object) -> None:
    settings.EMAIL_TIMEOUT = 0.5

    def stalls(raw: bytes) -> str:
        if b"To: a@example.org" in raw:
            time.sleep(2)
            return "451 4.3.0 Too late"
        return "250 OK"

    server.answer_data = stalls
    with time_machine.travel(NOW, tick=False):
        outbox_queue([mail(f"{letter}@example.org") for letter in "abc"])
        assert outbox_deliver() == 0
        assert states() == [(f"{letter}@example.org", "queued", int(letter == "a")) for letter in "abc"]
        time.sleep(2)  # until the server listens again
        settings.EMAIL_TIMEOUT = 20
        assert outbox_deliver() == 2
    server.answer_data = lambda raw: "250 OK"
    with time_machine.travel(NOW + dt.timedelta(seconds=5), tick=False):
        assert outbox_deliver() == 1
    assert server.received == ["b@example.org", "c@example.org", "a@example.org"]


@pytest.mark.django_db
def test_a_message_that_cannot_be_made_fails_alone(server: MailServer, caplog: pytest.LogCaptureFixture) -> None:
    outbox_queue([mail("a@example.org"), mail("b@example.org")])
    OutboxMessage.objects.filter(to_address="a@example.org").update(subject="twee\nregels")
    assert outbox_deliver() == 1
    assert states() == [("a@example.org", "failed", 1), ("b@example.org", "sent", 1)]
    assert "a@example.org" not in caplog.text


class KilledAfterAcceptance(EmailBackend):
    """Dies once, when the server has taken the message and nothing is written down yet."""

    deaths = 1

    def send_messages(self, email_messages: list) -> int:
        super().send_messages(email_messages)
        if KilledAfterAcceptance.deaths:
            KilledAfterAcceptance.deaths -= 1
            raise KeyboardInterrupt
        return 1


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_a_kill_after_acceptance_repeats_that_message_byte_for_byte(server: MailServer, settings: object) -> None:
    settings.EMAIL_BACKEND = "tests.parties.test_outbox.KilledAfterAcceptance"
    KilledAfterAcceptance.deaths = 1
    outbox_queue(
        [
            mail("a@example.org", html="<p>Dag", calendar="BEGIN:VCALENDAR\r\n", method="REQUEST", ordering_key="u"),
            mail("b@example.org", ordering_key="u"),
        ]
    )
    with pytest.raises(KeyboardInterrupt):
        outbox_deliver()
    assert outbox_deliver() == 2
    assert server.received == ["a@example.org", "a@example.org", "b@example.org"]
    first, repeat, _other = [raw for _sender, _to, raw in server.messages]
    assert first == repeat
    assert message_from_bytes(first)["Message-ID"] == OutboxMessage.objects.first().message_id


@pytest.mark.django_db
def test_the_lease_on_a_running_task_is_renewed_and_a_lost_one_is_given_back() -> None:
    with time_machine.travel(NOW, tick=False):
        own, lost, fresh = (deliver_outbox.enqueue().db_result for _ in range(3))
        for task in (own, lost):
            task.claim("w")
    with time_machine.travel(NOW + dt.timedelta(seconds=15), tick=False):
        assert tasks_recover(running_id=own.pk) == 0
        fresh.claim("v")
    with time_machine.travel(NOW + dt.timedelta(seconds=21), tick=False):
        assert tasks_recover(running_id=own.pk) == 1
    found = {task.pk: task.status for task in DBTaskResult.objects.all()}
    assert found == {own.pk: "RUNNING", lost.pk: "READY", fresh.pk: "RUNNING"}


@pytest.mark.django_db
def test_a_task_that_kills_each_worker_is_given_up() -> None:
    task = deliver_outbox.enqueue().db_result
    for number in range(5):
        with time_machine.travel(NOW + dt.timedelta(minutes=number), tick=False):
            tasks_recover(running_id=None)
            task.refresh_from_db()
            assert task.status == TaskResultStatus.READY
            task.claim(f"w{number}")
    with time_machine.travel(NOW + dt.timedelta(minutes=5), tick=False):
        assert tasks_recover(running_id=None) == 0
    task.refresh_from_db()
    assert task.status == TaskResultStatus.FAILED


@pytest.mark.django_db
def test_a_failed_task_gets_four_more_chances_ever_later() -> None:
    task = deliver_outbox.enqueue().db_result
    moment, waits = NOW, []
    for _ in range(4):
        with time_machine.travel(moment, tick=False):
            task.claim("w")
            task.set_failed(RuntimeError("x"))
        for second in range(200):
            with time_machine.travel(moment + dt.timedelta(seconds=second), tick=False):
                if tasks_recover(running_id=None):
                    waits.append(second)
                    moment += dt.timedelta(seconds=second)
                    break
        task.refresh_from_db()
    with time_machine.travel(moment, tick=False):
        task.claim("w")
        task.set_failed(RuntimeError("x"))
    with time_machine.travel(moment + dt.timedelta(hours=1), tick=False):
        assert tasks_recover(running_id=None) == 0
    assert waits == [10, 20, 40, 80]


def test_what_is_due_is_asked_of_everybody_also_when_one_fails() -> None:
    asked = []

    def fails(now: dt.datetime, **kwargs: object) -> None:
        raise RuntimeError("x")

    def works(now: dt.datetime, **kwargs: object) -> None:
        asked.append(now)

    receivers, due.receivers = due.receivers, []
    due.connect(fails, weak=False)
    due.connect(works, weak=False)
    try:
        with time_machine.travel(NOW, tick=False):
            assert [name.rpartition(".")[2] for name in due_run()] == ["fails"]
        with pytest.raises(CommandError, match="fails"):
            call_command("send_due")
    finally:
        due.receivers = receivers
        due.sender_receivers_cache.clear()
    assert asked[0] == NOW
    assert len(asked) == 2


def on_disk(folder: Path) -> str:
    """DATABASE_URL of this test's database as other processes see it; of SQLite, a copy in a file."""
    if connection.vendor == "postgresql":
        found = connection.settings_dict
        return f"postgres://{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"
    path = folder / "copy.sqlite3"
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
    return f"sqlite:///{path}"


@contextmanager
def worker(url: str, port: int, folder: Path) -> Iterator[subprocess.Popen]:
    environment = os.environ | {
        "DATABASE_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "VAR_DIR": str(folder),
        "CACHE_URL": "locmemcache://",
    }
    command = [sys.executable, "manage.py", "run_worker"]
    with subprocess.Popen(
        command, cwd=live_settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "The worker runs. Ctrl-C ends it.\n"
        try:
            yield process
        finally:
            process.kill()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "waited a minute"
        time.sleep(0.05)


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_real_workers_one_killed_lose_nothing_and_repeat_one_message_at_most(
    server: MailServer, tmp_path: Path
) -> None:
    addresses = [f"{number:02}@example.org" for number in range(24)]
    outbox_queue([mail(address, ordering_key=f"k{number % 2}") for number, address in enumerate(addresses)])
    url = on_disk(tmp_path)
    victim: Queue[int] = Queue()
    both_run = threading.Event()

    def kill_at_the_fifth(raw: bytes) -> str:
        if len(server.messages) == 5:
            both_run.wait(timeout=60)
        if b"04@example.org" in raw and server.received.count("04@example.org") == 0:
            os.kill(victim.get(timeout=60), signal.SIGKILL)
        return "250 OK"

    server.answer_data = kill_at_the_fifth
    with worker(url, server.port, tmp_path) as first:
        victim.put(first.pid)
        assert first.wait(timeout=60) == -signal.SIGKILL
    assert server.received == addresses[:5]
    with worker(url, server.port, tmp_path) as second, worker(url, server.port, tmp_path):
        both_run.set()
        wait_for(lambda: set(server.received) == set(addresses))
        second.send_signal(signal.SIGTERM)
        assert second.wait(timeout=30) == 0
    assert sorted(server.received) == sorted([*addresses, "04@example.org"])
    first_time, repeat = [raw for _sender, [to], raw in server.messages if to == "04@example.org"]
    assert first_time == repeat
    for key in range(2):
        mine = list(dict.fromkeys(address for address in server.received if int(address[:2]) % 2 == key))
        assert mine == sorted(mine)


@pytest.mark.django_db(transaction=True)
def test_a_worker_notices_a_new_message_within_seconds(server: MailServer, tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("one database is enough")
    outbox_queue([mail("first@example.org")])
    url = on_disk(tmp_path)
    with worker(url, server.port, tmp_path):
        wait_for(lambda: server.received == ["first@example.org"])
        with closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as copy, copy:
            copy.execute(
                "UPDATE parties_outboxmessage SET state = 'queued', next_attempt_at = ?, to_address = 'second@example.org'",
                [timezone.now().strftime("%Y-%m-%d %H:%M:%S")],
            )
        wait_for(lambda: server.received == ["first@example.org", "second@example.org"])
