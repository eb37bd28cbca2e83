"""Debian's dovecot as a real IMAP server for one test, in a folder of its own."""

from __future__ import annotations

import getpass
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CONFIG = """\
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain
mail_location = maildir:{folder}/mail
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
passdb {{
  driver = static
  args = password=geheim
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass
class ImapServer:
    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"imap://gelijkop:geheim@127.0.0.1:{self.port}/INBOX"

    def receives(self, *messages: bytes) -> None:
        """As a mail server delivers them, in this order."""
        with self.client() as client:
            for message in messages:
                kind, _rows = client.append("INBOX", "", imaplib.Time2Internaldate(time.time()), message)
                assert kind == "OK"

    def flags(self) -> list[bytes]:
        """Of each message, what was marked on it."""
        with self.client() as client:
            client.select("INBOX", readonly=True)
            _kind, rows = client.fetch("1:*", "(FLAGS)")
            return [row.partition(b"FLAGS ")[2] for row in rows]

    def numbers_anew(self) -> None:
        """The messages get other UIDs and the folder another UIDVALIDITY, as after a move to another server."""
        for path in self.folder.glob("mail/dovecot*"):
            path.unlink()

    def client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        client.login("gelijkop", "geheim")
        return client


@contextmanager
def imap_server() -> Iterator[ImapServer]:
    folder = Path(tempfile.mkdtemp(prefix="dovecot"))
    root = os.getuid() == 0
    me = getpass.getuser()
    user = "nobody" if root else me
    group = pwd.getpwnam(user).pw_gid
    for name in ("run", "state", "mail"):
        (folder / name).mkdir()
    folder.chmod(0o755)
    shutil.chown(folder / "mail", pwd.getpwnam(user).pw_uid, group)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    names = {"internal": "dovecot", "internal_group": "dovecot", "login": "dovenull"}
    if not root:
        names = {"internal": me, "internal_group": str(group), "login": me}
    (folder / "config").write_text(CONFIG.format(folder=folder, port=port, user=user, group=group, **names))
    # Debian keeps it out of the path of people who do not administer the machine.
    command = [shutil.which("dovecot", path="/usr/sbin:/usr/bin") or "dovecot", "-F", "-c", str(folder / "config")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    server = ImapServer(port, folder)
    try:
        end = time.monotonic() + 30
        while True:
            try:
                with server.client():
                    break
            except OSError:
                assert process.poll() is None, process.stderr.read() if process.stderr else ""
                assert time.monotonic() < end, (folder / "log").read_text()
                time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait(20)
        if process.stderr:
            process.stderr.close()
        shutil.rmtree(folder, ignore_errors=True)
