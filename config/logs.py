"""The form of the log: a line to read or a JSON object to collect. In neither stands what opens a door or names a person.

Libraries write what they like: the path of a refused link to a new password, the address of an editor whom no mail
reaches, in a message or in a traceback. So the finished line is what is looked through.
"""

from __future__ import annotations

import datetime
import json
import logging
import re

_TOKEN = re.compile(r"(/password_reset/confirm/)[^/\s\"']+(/[^/\s\"']+)?")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


def discreet(text: str) -> str:
    """Return the text without tokens and without mail addresses."""
    return _ADDRESS.sub("***", _TOKEN.sub(r"\1***", text))


class LineFormatter(logging.Formatter):
    """The usual line, and what follows it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text."""
        return discreet(super().format(record))


class JsonFormatter(logging.Formatter):
    """Time (UTC, ISO 8601), level, logger, message and, after an error, the traceback.

    Of a request only what the message itself says: no address, no session, no user.
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
