"""What a platform says itself, one message at a time; in which order, and what keeps it safe, chat.posting says."""

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from adapters.wording import Card
from bot.domain.model import MessageRef
from bot.domain.notices import DigestReady, Letter

Page = TypeVar("Page")


class Voice(Protocol[Page]):
    """One platform, whose messages are of the type `Page`.

    Channels and ids of messages are the platform's own, without `platform:workspace:`, unless a line says otherwise;
    accounts are `platform:workspace:id`. Whatever goes wrong is a DeliveryFailed.
    """

    @property
    def platform(self) -> str: ...

    @property
    def home(self) -> str:
        """The address that links into this platform begin with, where it has one of its own."""

    def pages(self, card: Card, called: Sequence[str]) -> Sequence[Page]:
        """The card as messages; the first calls these accounts."""

    def edited_as(self, channel: str) -> str:
        """The key of the pace of edits: the channel, unless the platform counts the edits of all together."""

    async def says(self, channel: str, page: Page, key: str, first: str | None = None) -> str:
        """Send one message, marked with its key, as a page of `first`; its id."""

    async def rewrites(self, channel: str, id: str, page: Page, key: str) -> None: ...

    async def deletes(self, channel: str, id: str) -> None: ...

    async def looked_for(self, letter: Letter, channel: str, key: str) -> str | None:
        """The own message with this key since the post could first have been sent."""

    async def looked_below(self, channel: str, first: str, key: str) -> Mapping[int, str]:
        """The further pages of a message that stand there: number → id."""

    async def inside(self, channel: str) -> bool:
        """Whether no outsider can read `platform:workspace:channel`."""

    async def ours(self, account: str) -> None:
        """DeliveryFailed for whoever is not one of our own people, or has gone."""

    async def rests(self, account: str, ref: MessageRef) -> bool:
        """Whether what was posted there just now does not ring with this person; False where nobody can tell."""

    async def opened(self, account: str) -> str:
        """The direct channel with somebody."""

    async def pointer(self, letter: Letter, ref: MessageRef, title: str) -> Page:
        """The one line with which a called person is told directly where to look."""

    async def hangs(self, notice: DigestReady, language: str, ref: MessageRef, *, look: bool) -> None:
        """Put the digest's picture below its message, once; it never stops the digest."""
