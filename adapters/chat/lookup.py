"""Names and open matters become numbers, from rows that were read for one command."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.model import Customer, PingState
from bot.domain.questions import OpenRound


@dataclass(frozen=True, slots=True)
class Rows:
    """commands.Lookup on what the rows said a moment ago."""

    customers: Sequence[Customer]
    rounds: Sequence[OpenRound]

    def customer(self, name: str) -> tuple[int, ...]:
        """By number, name or account; without regard to capitals, and by a part of the name if nobody has all of it."""
        wanted = name.strip().removeprefix("@").casefold()
        living = [c for c in self.customers if c.merged_into is None]
        if wanted.isdecimal():
            return tuple(c.id for c in living if str(c.id) == wanted)
        whole = [c.id for c in living if wanted == c.name.casefold() or _has(c, wanted)]
        return tuple(whole or [c.id for c in living if wanted and wanted in c.name.casefold()])

    def to_acknowledge(self, account: str) -> tuple[int, ...]:
        """Open pings that nobody has taken: those that called this account, else all; the gravest, then the oldest."""
        open = [r for r in self.rounds if r.ping.state in (PingState.TRIGGERED, PingState.EXHAUSTED)]
        waiting = sorted(open, key=lambda one: (-one.ping.severity, one.ping.opened_at))
        mine = [r.ping.id for r in waiting if account in r.called]
        return tuple(mine or [r.ping.id for r in waiting])

    def to_resolve(self, account: str) -> tuple[int, ...]:
        """Open pings that this account has taken."""
        return tuple(r.ping.id for r in self.rounds if r.ping.acked_by == account)


def _has(customer: Customer, account: str) -> bool:
    return any(account in (contact.casefold(), contact.rpartition(":")[2].casefold()) for contact in customer.contacts)
