"""A small SMTP server on this machine that takes e-mails, or refuses as it is told (RFC 5321)."""

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy


class Conversation(socketserver.StreamRequestHandler):
    """What one client says, answered line by line."""

    def handle(self):
        self._say("220 mail.test")
        while line := self.rfile.readline():
            command = line.decode("ascii", "replace").strip()
            verb = command[:4].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            self._answer(verb, command)

    def _answer(self, verb, command):
        answer = next((code for text, code in self.server.answers.items() if text in command), "")
        if verb == "DATA" and not answer:
            self._take()
        else:
            self._say(answer or "250 fine")

    def _take(self):
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self._say("250 taken")

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """`letters` are the e-mails that it took; `answers` what it says to commands with some text in them."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.letters, self.answers = [], {}

    @property
    def port(self):
        return self.server_address[1]


@contextmanager
def running():
    """Runs a server on a free port, and ends it."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
