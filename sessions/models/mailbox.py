from django.db import models


class ReplyMailbox(models.Model):
    """How far a mailbox was read: the UID of the last message, which means something within one UIDVALIDITY (RFC 3501, 2.3.1.1)."""

    address = models.CharField(max_length=250, unique=True, help_text="user@host/folder")
    uidvalidity = models.BigIntegerField(default=0)
    last_uid = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.address
