"""Logs of libraries without a word of anybody: they write requests and answers into their lines."""

import logging
from collections.abc import Container


class NoBodies(logging.Filter):
    """Of a line only the place and the kind of the error are kept, and of those below a warning nothing."""

    def __init__(self, platform: str, without: Container[str] = ()) -> None:
        """`without`: the names of functions whose warnings are meant to come."""
        super().__init__()
        self._platform = platform
        self._without = without

    def filter(self, record: logging.LogRecord) -> bool:
        raised = record.exc_info[0] if record.exc_info else None
        at, error = f"{record.module}.{record.funcName}", raised.__name__ if raised else ""
        record.msg = f"{self._platform}.sdk at={at} error={error}"
        record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None
        return record.levelno >= logging.WARNING and record.funcName not in self._without


def quiet(name: str, platform: str, without: Container[str] = ()) -> logging.Logger:
    """This logger, which from now on warns without a body."""
    logger = logging.getLogger(name)
    logger.setLevel(logging.WARNING)
    if not logger.filters:
        logger.addFilter(NoBodies(platform, without))
    return logger
