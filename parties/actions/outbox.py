"""Writing the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.db import transaction

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
