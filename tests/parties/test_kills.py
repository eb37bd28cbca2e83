"""A worker that is killed wherever it is, while 500 invitations go out: all arrive, and a kill repeats one at most."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from parties.models import OutboxMessage
from sessions.actions.invitations import invitations_send
from sessions.models import Invitation, Registration
from tests.factories import MembershipFactory
from tests.parties.mail_server import MailServer, mail_server
from tests.parties.test_outbox import on_disk, wait_for, worker
from tests.sessions.factories import published

NUMBER = 500


@pytest.fixture
def server(settings: object) -> Iterator[MailServer]:
    with mail_server(settings) as running:
        yield running


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_kills_anywhere_lose_nothing_and_repeat_one_message_each_at_most(server: MailServer, tmp_path: Path) -> None:
    training = published(seats_school=NUMBER, seats_workplace=0)
    memberships = MembershipFactory.create_batch(NUMBER, side="school", organisation=MembershipFactory().organisation)
    registrations = Registration.objects.bulk_create(
        Registration(
            training=training,
            person=one.person,
            membership=one,
            organisation=one.organisation,
            side=one.side,
            state="confirmed",
            seat=number + 1,
        )
        for number, one in enumerate(memberships)
    )
    invitations_send(registrations=registrations)
    expected = set(OutboxMessage.objects.values_list("to_address", flat=True))
    assert len(expected) == NUMBER == Invitation.objects.count()
    url = on_disk(tmp_path)
    chance = random.Random(20261124)
    victims: list[int] = []
    # Twice between the server's acceptance and the commit, and twice at whatever moment it is.
    at_acceptance = [chance.randrange(20, 120), chance.randrange(240, 340)]
    at_a_moment = [chance.randrange(130, 230), chance.randrange(350, 450)]

    def answer(raw: bytes) -> str:
        if at_acceptance and len(server.messages) >= at_acceptance[0]:
            at_acceptance.pop(0)
            os.kill(victims[-1], signal.SIGKILL)
        return "250 OK"

    server.answer_data = answer
    for kind in ("acceptance", "moment", "acceptance", "moment", "never"):
        with worker(url, server.port, tmp_path) as running:
            victims.append(running.pid)
            if kind == "moment":
                wait_for(lambda: len(server.messages) >= at_a_moment[0])
                at_a_moment.pop(0)
                time.sleep(chance.random() / 50)
                os.kill(running.pid, signal.SIGKILL)
            if kind == "never":
                wait_for(lambda: set(server.received) == expected)
                time.sleep(1)  # for whoever would send one too many
                running.send_signal(signal.SIGTERM)
                assert running.wait(timeout=30) == 0
            else:
                assert running.wait(timeout=120) == -signal.SIGKILL
    repeated = {address: number for address, number in Counter(server.received).items() if number > 1}
    assert 2 <= sum(repeated.values()) - len(repeated) <= 4
    assert set(repeated.values()) == {2}
    for address in repeated:
        first, again = [raw for _sender, [to], raw in server.messages if to == address]
        assert first == again
