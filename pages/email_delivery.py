"""Hands an e-mail to the mail server, and says what became of it: sent, refused for good, or to be sent later."""

from __future__ import annotations

from collections.abc import Callable
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException
from typing import Literal

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

# What an SMTP server says before it closes the connection (RFC 5321, 4.2.3).
SERVICE_CLOSES = 421

Outcome = Literal["sent", "refused", "postponed"]


class Postponed(Exception):
    """The server takes some of the e-mails later only; they have to be sent again."""


def deliver(connection: BaseEmailBackend, letter: EmailMessage, release: Callable[[], object]) -> Outcome:
    """Sends an e-mail that was recorded as sent before, and returns what the server did with it.

    `release` takes the record back; it is called only where the server says that it has not taken the e-mail and may
    take it later. Raises what ends the whole connection: OSError, SMTPException, or Postponed.
    """
    try:
        connection.send_messages([letter])
    except ValueError:  # no server is asked for what is no address
        return "refused"
    except SMTPResponseException as error:
        codes = {error.smtp_code}
        if not isinstance(error, SMTPDataError):
            release()
            raise
    except SMTPRecipientsRefused as error:
        codes = {code for code, _text in error.recipients.values()}
    else:
        return "sent"
    if min(codes) >= 500:
        return "refused"
    release()
    if SERVICE_CLOSES in codes:
        raise Postponed("the server closed the connection")
    return "postponed"
