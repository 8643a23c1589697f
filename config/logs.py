"""Log records as one JSON object a line, for those who collect them."""

from __future__ import annotations

import datetime
import json
import logging


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
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
