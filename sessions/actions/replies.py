"""Taking in what calendars answer by mail."""

from __future__ import annotations

import logging

from django.db import transaction

from sessions.actions.invitations import invitation_reply
from sessions.mailbox import Account, opened
from sessions.models import ReplyMailbox
from sessions.replies import Reply, reply_in

logger = logging.getLogger(__name__)

#: The rest waits for the next turn, so that a full mailbox does not keep back what else is due.
MOST_AT_ONCE = 200


def replies_fetch(*, account: Account) -> int:
    """Reads what came since the last time. How far it came is written with what each message changed, in one transaction,
    so each message counts once, whatever is killed and however many workers do this at once.

    Returns:
        how many answers changed.

    Raises:
        OSError, imaplib.IMAP4.error: the mailbox cannot be read; the next turn goes on where this one stopped.
    """
    changed = 0
    with opened(account) as mailbox:
        place, _created = ReplyMailbox.objects.get_or_create(address=str(account)[:250])
        known = place.last_uid if place.uidvalidity == mailbox.uidvalidity else 0
        for uid in mailbox.after(known)[:MOST_AT_ONCE]:
            raw = mailbox.message(uid)
            reply = _read(raw, uid) if raw else None
            changed += _take(place.pk, mailbox.uidvalidity, uid, reply)
    return changed


@transaction.atomic
def _take(place_pk: int, uidvalidity: int, uid: int, reply: Reply | None) -> bool:
    place = ReplyMailbox.objects.select_for_update().get(pk=place_pk)
    if place.uidvalidity == uidvalidity and place.last_uid >= uid:
        return False  # another worker was first
    place.uidvalidity = uidvalidity
    place.last_uid = uid
    place.save()
    return invitation_reply(reply=reply) if reply else False


def _read(raw: bytes, uid: int) -> Reply | None:
    """What strangers send may be anything; one message that cannot be read keeps nobody else's waiting."""
    try:
        return reply_in(raw)
    except Exception as error:
        logger.warning("Message %s of the mailbox for answers cannot be read: %s", uid, type(error).__name__)
        return None
