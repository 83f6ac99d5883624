"""What the chat shows: every message in its channel, who is told of a change, and a file that keeps it."""

import contextlib
import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from adapters.playground.town import sees

NEWEST: Final = 200
"""Messages of a channel that a page is shown at once; the older ones when it asks for them."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message as the chat shows it."""

    id: str
    channel: str
    at: datetime
    by: str
    """A persona, or the bot."""
    text: str | None = None
    card: dict[str, Any] | None = None
    """As the page draws it (drawn.py)."""
    only: str = ""
    """The one persona who sees it; "" = all who read the channel."""
    edited: bool = False
    again: bool = False
    key: str = ""
    """Of the post that made it, by which a doubtful post is found again."""

    def shown_to(self, persona: str) -> bool:
        return sees(persona, self.channel) and self.only in ("", persona)


class Board:
    """The memory of the chat platform itself. Private answers live until the end, everything else goes into the file,
    if there is one: it is plain text, readable by its owner alone."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._said: dict[str, Said] = {}
        self._places: defaultdict[str, list[str]] = defaultdict(list)
        self._keys: dict[str, str] = {}
        self._number = 0
        self.listeners: set[Callable[[Said], None]] = set()
        self.ahead: float | None = None
        """Seconds by which the kept town's clock is ahead of the machine's; None: nothing was kept."""
        if file is not None:
            self._load(file)

    def says(self, said: Said) -> Said:
        """Show it, or show it changed; everybody who listens is told."""
        self._put(said)
        if not said.only:
            self._keep(_row(said))
        for tell in tuple(self.listeners):
            tell(said)
        return said

    def fresh(self, at: datetime) -> str:
        """An id that no message had before, also where the file was lost."""
        self._number += 1
        return f"{int(at.timestamp() * 1000)}-{self._number}"

    @property
    def empty(self) -> bool:
        return not self._said

    def get(self, id: str) -> Said | None:
        return self._said.get(id)

    def keyed(self, key: str) -> Said | None:
        """The message that the post of this key made."""
        return self._said.get(self._keys.get(key, ""))

    def newest(self, persona: str) -> list[Said]:
        """What a persona is shown first: the end of every channel that they read, by time of arrival."""
        found = [said for place in self._places for said in self._tail(self._places[place], persona)]
        return sorted(found, key=lambda said: (said.at, said.id))

    def before(self, persona: str, channel: str, id: str) -> tuple[list[Said], bool]:
        """What stands before a message, and whether there is still more."""
        place = self._places.get(channel, [])
        end = place.index(id) if id in place else len(place)
        shown = self._tail(place[:end], persona, NEWEST + 1)
        return shown[-NEWEST:], len(shown) > NEWEST

    def seen(self, persona: str) -> Iterable[Said]:
        """Everything that a persona sees, newest first."""
        return (said for said in reversed(self._said.values()) if said.shown_to(persona))

    def moved(self, ahead: float) -> None:
        """The town's clock was moved."""
        self.ahead = ahead
        self._keep({"ahead": ahead})

    def _tail(self, place: list[str], persona: str, limit: int = NEWEST) -> list[Said]:
        found: list[Said] = []
        for id in reversed(place):
            if len(found) == limit:
                break
            if self._said[id].shown_to(persona):
                found.append(self._said[id])
        return found[::-1]

    def _put(self, said: Said) -> None:
        if said.id not in self._said:
            self._places[said.channel].append(said.id)
        self._said[said.id] = said
        if said.key:
            self._keys[said.key] = said.id

    def _keep(self, row: dict[str, Any]) -> None:
        if self._file is not None:
            with open(self._file, "a", encoding="utf-8", opener=_private) as file:
                file.write(_line(row))

    def _load(self, file: Path) -> None:
        """The last line of a message is how it stood; one that was cut off by a crash is left out, as is from then on
        everything that was overtaken."""
        if not file.exists():
            return
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                with contextlib.suppress(ValueError, KeyError, TypeError):
                    row = json.loads(line)
                    if "ahead" in row:
                        self.ahead = float(row["ahead"])
                    else:
                        self._put(_said(row))
        rows = [{"ahead": self.ahead}] if self.ahead is not None else []
        draft = file.with_name(f"{file.name}.part")
        draft.unlink(missing_ok=True)
        with open(draft, "w", encoding="utf-8", opener=_private) as kept:
            kept.writelines(_line(row) for row in (*rows, *map(_row, self._said.values())))
        draft.replace(file)


def _line(row: Mapping[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


def _row(said: Said) -> dict[str, Any]:
    return asdict(said) | {"at": said.at.isoformat()}


def _said(row: dict[str, Any]) -> Said:
    """A picture is not kept: it was drawn for the page that was open."""
    card = row["card"] and {**row["card"], "chart": None}
    return Said(**{**row, "at": datetime.fromisoformat(row["at"]), "card": card})


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
