"""Which buttons have had their day: an answer to one person repeats a card's button until the card has it no more."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from adapters.chat.wanted import FINDINGS
from adapters.playground.board import Said

Pair = tuple[str, str]
OVER: Final = frozenset({"ack", "resolve", "seen", "verify", "agree", "disagree", "outage_end"})
"""What is done once; everything else, such as why, can be asked at any time."""


class Offers:
    """What the posted cards offer now, and which answers repeat it. A restart forgets the answers: they stay."""

    def __init__(self) -> None:
        self._posted: Counter[Pair] = Counter()
        self._answers: defaultdict[Pair, set[str]] = defaultdict(set)

    def answered(self, said: Said) -> None:
        """An answer to one person stands there."""
        for pair in _pairs(said):
            self._answers[pair].add(said.id)

    def posted(self, before: Said | None, after: Said) -> dict[str, set[Pair]]:
        """A card for many is new or changed; by answer, which of its buttons stand on no such card any more."""
        old, new = _pairs(before) if before else set(), _pairs(after)
        self._posted.update(new)
        self._posted.subtract(old)
        gone: defaultdict[str, set[Pair]] = defaultdict(set)
        for pair in old - new:
            for id in self._answers.pop(pair, ()) if self._posted[pair] <= 0 else ():
                gone[id].add(pair)
        return gone


def without(said: Said, gone: set[Pair]) -> Said:
    """The answer without these buttons; it says that its matter has moved on."""
    if said.card is None:
        return said
    kept = [one for one in said.card["buttons"] if _pair(one) not in gone]
    return replace(said, card={**said.card, "buttons": kept, "moved": True})


def _pairs(said: Said) -> set[Pair]:
    buttons: Iterable[dict[str, Any]] = said.card["buttons"] if said.card else ()
    return {pair for one in buttons if (pair := _pair(one)) is not None}


def _pair(button: dict[str, Any]) -> Pair | None:
    """The findings of a verdict are open as long as a verdict is asked for."""
    action = "verify" if button["action"] in FINDINGS else button["action"]
    return (action, button["subject"]) if action in OVER else None
