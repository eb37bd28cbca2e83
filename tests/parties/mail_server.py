"""A real SMTP server in a thread, which keeps every message as the bytes that came over the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPTED = "250 OK"


@dataclass
class MailServer:
    """``answer_rcpt`` and ``answer_data`` may be replaced: address or raw bytes in, the server's reply out."""

    port: int = 0
    messages: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    answer_rcpt: Callable[[str], str] = lambda address: ACCEPTED
    answer_data: Callable[[bytes], str] = lambda raw: ACCEPTED

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if (answer := self.answer_rcpt(address)) == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.original_content
        if (answer := self.answer_data(raw)) == ACCEPTED:
            self.messages.append((envelope.mail_from, list(envelope.rcpt_tos), raw))
        return answer

    @property
    def received(self) -> list[str]:
        """Addresses of the accepted messages, in order."""
        return [address for _sender, addresses, _raw in self.messages for address in addresses]


class _Controller(Controller):
    """Listens on whichever port is free, which is only known once it listens."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(settings: object) -> Iterator[MailServer]:
    handler = MailServer()
    controller = _Controller(handler, hostname="127.0.0.1", port=0, decode_data=False)
    controller.start()
    handler.port = controller.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", handler.port
    try:
        yield handler
    finally:
        controller.stop(no_assert=True)
