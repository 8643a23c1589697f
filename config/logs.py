"""The format of the log: a line to read or a JSON object to collect. Neither holds tokens, mail addresses or what was searched for.

Libraries log what they like: the path of a refused password reset link or signed link, the address of an editor whom no mail reaches,
the whole address that gunicorn was asked for when a request broke, in a message or a traceback. So the finished line is filtered.
"""

from __future__ import annotations

import datetime
import json
import logging
import re

from config.mail import NoMailError

_TOKEN = re.compile(r"(/password_reset/confirm/|/link/[\w-]+/)[^/\s\"']+(/[^/\s\"']+)?")
_QUERY = re.compile(r"(/[^\s?\"']*\?)[^\s\"']+")
# gunicorn's word on a request that is none: with the address it came from, and whatever was in it.
_NO_REQUEST = re.compile(r"(Invalid request from ip=).*", re.DOTALL)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


def discreet(text: str) -> str:
    """Return the text without tokens, mail addresses and what stands behind the question mark of an address."""
    for private in (_TOKEN, _QUERY, _NO_REQUEST):
        text = private.sub(r"\1***", text)
    return _ADDRESS.sub("***", text)


class NoRefusedMails(logging.Filter):
    """Leaves out that a site without a mail server mailed nobody: it is meant so, and said where somebody could act."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is about anything else."""
        return record.exc_info is None or not isinstance(record.exc_info[1], NoMailError)


class LineFormatter(logging.Formatter):
    """The usual line, with its traceback if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text."""
        return discreet(super().format(record))


class JsonFormatter(logging.Formatter):
    """Time (UTC, ISO 8601), level, logger, message and, after an error, the traceback.

    Of a request it holds only what the message says: no address, no session, no user.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        time = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line = {
            "time": time.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": discreet(record.getMessage()),
        }
        if record.exc_info:
            line["traceback"] = discreet(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
