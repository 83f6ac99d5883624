"""The store of files that came with messages."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.model import FileState, KeptFile, NewFile, WantedFile


class Files(Protocol):
    """Files by their message; bytes are sealed and never part of a listing."""

    def note(self, files: Sequence[NewFile]) -> None:
        """Store them; what is noted already of the same message stays as it is."""

    def taken(self, sender: str, since: datetime) -> int:
        """Bytes kept or still wanted of what this account sent since then."""

    def wanted(self, platform: str, limit: int) -> list[WantedFile]:
        """What is still to be fetched, the earliest due first, due or not."""

    def again(self, id: int, at: datetime) -> bool:
        """Let it be fetched again from `at` on; False: it is not wanted any more."""

    def beside(self, id: int) -> int:
        """Bytes kept of the other files of its message."""

    def keep(self, id: int, data: bytes, sha256: bytes) -> bool:
        """Seal and store the bytes of a file; False: it is not wanted any more."""

    def settle(self, id: int, state: FileState, size: int | None = None) -> bool:
        """Say why a file will not be kept; False: it is not wanted any more."""

    def drop(self, messages: Iterable[int]) -> None:
        """Forget everything that hangs on these messages."""

    def redact(self, platform: str, workspace: str, channel: str, message_id: str) -> int:
        """Empty names and bytes of a message's files at once, hashes stay; how many."""

    def of(self, messages: Iterable[int]) -> list[KeptFile]:
        """The files of these messages (first wordings), in the order in which they came."""

    def data(self, id: int) -> bytes | None:
        """The bytes; None unless they are kept."""
