"""Logs as JSON Lines: one object an event, for people with jq and for collectors."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any, TextIO

LOG = logging.getLogger("zhibiao.serve")


def event(name: str, *, level: int = logging.INFO, error: BaseException | None = None, **fields: Any) -> None:
    """Log the event ``name`` with its ``fields``; never texts, tokens or headers."""
    LOG.log(level, name, extra={"fields": fields}, exc_info=error)


class JsonFormatter(logging.Formatter):
    """``time`` (UTC), ``level``, ``logger``, ``event``, the fields of the event, ``exception`` where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """One line of JSON."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)


def configure(stream: TextIO, level: int) -> None:
    """Send the logs of the service and of uvicorn to ``stream``; the application's part, not the library's."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    for name in (LOG.name, "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)
