"""The outbox, and what the Courier asks of a chat."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from bot.domain.model import MessageRef
from bot.domain.notices import Letter, Post


class Outbox(Protocol):
    """Posts on their way; the key makes each single."""

    def put(self, post: Post, now: datetime, language: str = "ja") -> bool:
        """Store a post; False: its key is there already. A newer edit overtakes waiting older ones of its message."""

    def cancel_round(self, round: str) -> int:
        """Let no call of this round be claimed any more (rules.md 7); how many still waited."""

    def keys(self, base: Iterable[str]) -> dict[str, int]:
        """Of posts that were not cancelled before they went out: key → how many edits of it were put so far."""

    def claim(self, now: datetime, lease: timedelta, limit: int) -> list[Letter]:
        """Take what is due, most urgent first, at most one of each line, never past an earlier one of its line; held by
        a lease until `now + lease`. A claim whose lease ran out may be taken again and is then doubtful."""

    def holds(self, letter: Letter, now: datetime) -> bool:
        """Whether the lease is still ours and the post still wanted; asked just before it is sent."""

    def sent(self, letter: Letter, ref: MessageRef, at: datetime) -> bool:
        """Mark as sent; False: the lease was lost (fencing), nothing was written."""

    def again(self, letter: Letter, at: datetime, error: str, *, doubtful: bool) -> bool:
        """Let it be tried again from `at` on."""

    def dead(self, letter: Letter, at: datetime, error: str) -> bool:
        """Give it up; somebody has to be told."""

    def next_due(self) -> datetime | None:
        """When the next post may be claimed."""

    def ref(self, key: str) -> MessageRef | None:
        """The message of a sent post."""

    def waiting(self) -> Sequence[Post]:
        """Everything that is still to be sent, in the order of sending; for tests, doctor and replay."""

    def forget(self, before: datetime) -> int:
        """Empty the facts of posts that left the outbox before this instant."""


@runtime_checkable
class Attentive(Protocol):
    """A chat that can tell who is not to be disturbed; others are believed to ring."""

    async def unheard(self, letter: Letter, ref: MessageRef) -> tuple[str, ...]:
        """Whom of those that a posted letter calls it does not reach now, by account; whoever cannot be asked about
        counts as reached."""


class Chat(Protocol):
    """One platform as the Courier sees it; raises DeliveryFailed, and nothing else on purpose."""

    async def post(self, letter: Letter) -> MessageRef:
        """Say it; a letter with `doubtful` is labelled as sent again."""

    async def edit(self, letter: Letter) -> MessageRef:
        """Change `letter.ref` into it."""

    async def find(self, letter: Letter) -> MessageRef | None:
        """Look whether an earlier try of this very key got through; None: surely not. DeliveryFailed: cannot tell."""
