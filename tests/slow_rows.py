"""Rows that do not say anything for a while, as a database does that is busy, moved or away."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from harness import Harness


class Rows:
    """Every transaction that only reads waits until `go` is set; writing goes on."""

    def __init__(self, house: Harness, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go = threading.Event()
        self.go.set()
        self.seconds = 0.0
        """Or each takes so long."""
        really = house.database.read

        @contextlib.contextmanager
        def read() -> Iterator[Any]:
            if self.seconds:
                threading.Event().wait(self.seconds)
            self.go.wait(8)
            with really() as uow:
                yield uow

        monkeypatch.setattr(house.database, "read", read)

    @contextlib.contextmanager
    def hang(self) -> Iterator[None]:
        self.go.clear()
        try:
            yield
        finally:
            self.go.set()

    @contextlib.contextmanager
    def slow(self, seconds: float) -> Iterator[None]:
        self.seconds = seconds
        try:
            yield
        finally:
            self.seconds = 0.0
