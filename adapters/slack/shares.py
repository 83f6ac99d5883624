"""Files shared on Slack: what a message announces, and their bytes from Slack's own servers by the bot's token."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import yarl
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.downloads import Downloads
from adapters.chat.keeper import Keeper, NotKept
from adapters.slack.calls import word_of
from bot.domain.events import Event, MessagePosted
from bot.domain.model import Attachment, FileState, Platform, WantedFile
from bot.domain.policy import Policy
from bot.intake import Intake
from bot.ports import Clock

HOST: Final = "files.slack.com"
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
GONE: Final = frozenset({"file_not_found", "file_deleted"})
NO_FILE: Final = frozenset({"tombstone", "hidden_by_limit"})
"""Modes of what is only a note that there was a file."""
LOGIN: Final = "text/html"
"""What Slack answers, with the best of statuses, where it does not take the token."""


def shared(record: Mapping[str, Any]) -> tuple[Attachment, ...]:
    """What hangs on a message, or on the new wording of one."""
    inner = record.get("message")
    said = inner if record.get("subtype") == "message_changed" and isinstance(inner, Mapping) else record
    return tuple(_announced(said.get("files")))


def _announced(files: object) -> Iterable[Attachment]:
    for file in files if isinstance(files, list) else ():
        if isinstance(file, Mapping) and file.get("id") and file.get("mode") not in NO_FILE:
            size = file.get("size")
            yield Attachment(
                str(file["id"]), str(file.get("name") or file.get("title") or ""), str(file.get("mimetype") or ""),
                size if isinstance(size, int) and size > 0 else 0,
            )  # fmt: skip


class Shares:
    """Fetches from Slack's own host, and from `api_url`'s where that is this machine; the token goes nowhere else."""

    def __init__(
        self, client: AsyncWebClient, token: str, api_url: str, intake: Intake, policy: Policy, clock: Clock
    ) -> None:
        self._client = client
        self._here = yarl.URL(api_url)
        self._downloads = Downloads(self._trusted, {"Authorization": f"Bearer {token}"})
        self._keeper = Keeper(Platform.SLACK, intake, self.fetch, policy.files, clock)

    async def mind(self) -> None:
        """Fetch what is wanted, until cancelled."""
        try:
            await self._keeper.mind()
        finally:
            await self._downloads.close()

    def stored(self, said: Event) -> None:
        """This is committed now."""
        if isinstance(said, MessagePosted) and said.files:
            self._keeper.wake()

    async def fetch(self, wanted: WantedFile, limit: int) -> bytes:
        """The bytes of one file; see adapters.chat.keeper."""
        try:
            answer = await self._client.files_info(file=wanted.file_id)
        except SlackApiError as error:
            gone = word_of(error) in GONE
            raise NotKept(FileState.GONE if gone else FileState.REFUSED, final=gone) from error
        file: Mapping[str, Any] = answer["file"]
        if file.get("mode") in NO_FILE:
            raise NotKept(FileState.GONE)
        size = file.get("size")
        if isinstance(size, int) and size > limit:
            raise NotKept(FileState.TOO_LARGE)
        address = str(file.get("url_private_download") or file.get("url_private") or "")
        found = await self._downloads.get(address, limit, unlike="" if file.get("mimetype") == LOGIN else LOGIN)
        if isinstance(found, int):
            raise NotKept(FileState.REFUSED if found == 403 else FileState.GONE)
        return found

    def _trusted(self, url: yarl.URL) -> bool:
        if url.scheme == "https" and url.host == HOST and not url.explicit_port:
            return True
        return self._here.host in LOOPBACK and url.is_absolute() and url.origin() == self._here.origin()
