"""Writing the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.utils import timezone

from parties.mail import Mail, new_message_id
from parties.models import OutboxMessage
from parties.tasks import deliver_outbox


def outbox_queue(mails: Iterable[Mail]) -> None:
    """Each mail becomes a row in the caller's transaction; delivery starts when that commits.

    Raises:
        ValidationError: an address or another field that cannot be stored; then no mail is queued.
    """
    messages = [
        OutboxMessage(
            kind=mail.kind,
            person=mail.person,
            to_address=mail.to,
            reply_to=mail.reply_to,
            subject=" ".join(mail.subject.split()),
            text=mail.text,
            html=mail.html,
            calendar=mail.calendar,
            calendar_method=mail.method,
            ordering_key=mail.ordering_key,
            meeting_id=mail.meeting_id,
            message_id=new_message_id(),
        )
        for mail in mails
    ]
    for message in messages:
        message.clean_fields(exclude={"person"})
    if not messages:
        return
    with transaction.atomic():
        OutboxMessage.objects.bulk_create(messages)
        transaction.on_commit(partial(deliver_outbox.enqueue))


def mail_of(message: OutboxMessage) -> Mail:
    """What a row holds, to be queued as a message of its own."""
    return Mail(
        kind=message.kind,
        to=message.to_address,
        person=message.person,
        subject=message.subject,
        text=message.text,
        html=message.html,
        reply_to=message.reply_to,
        calendar=message.calendar,
        method=message.calendar_method,
        ordering_key=message.ordering_key,
        meeting_id=message.meeting_id,
    )


def outbox_retry(*, message: OutboxMessage) -> bool:
    """A message that was given up is tried again; it was never delivered, so it stays the message it was.

    Returns:
        whether it waits again now; pressing twice is once.
    """
    now = timezone.now()
    with transaction.atomic():
        failed = OutboxMessage.objects.filter(pk=message.pk, state=OutboxMessage.State.FAILED)
        if not failed.update(state=OutboxMessage.State.QUEUED, created_at=now, next_attempt_at=now, attempts=0):
            return False
        transaction.on_commit(partial(deliver_outbox.enqueue))
    return True
