"""How one person on Slack is told something: in the channel where only they see it, else directly, or in a view."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.later import Later, again
from adapters.slack.layout import Message, body_of, messages_of
from adapters.slack.people import UNANSWERED
from adapters.slack.views import View, card_modal
from adapters.wording import Card, Tone, say
from adapters.wording.card import Button

LOG: Final = logging.getLogger("kasuhara.slack")


class Telling(Later):
    """Nothing here undoes what was done: an answer that does not arrive is only logged."""

    def __init__(self, client: AsyncWebClient) -> None:
        super().__init__("slack")
        self._client = client

    async def whisper(self, user: str, channel: str, card: Card, thread: str = "", skip: int = 0) -> None:
        """For this person alone: where they are, else directly; `skip` pages were told already."""
        pages = messages_of(card)[skip:]
        if channel and not channel.startswith("D"):
            try:
                for page in pages:
                    await self._client.chat_postEphemeral(
                        channel=channel, user=user, thread_ts=thread or None, **body_of(page)
                    )
                return
            except SlackApiError as error:  # neither the bot nor the person has to be in that channel
                LOG.info("slack.whisper error=%s", error.response.get("error"))
        opened = await again(partial(self._client.conversations_open, users=user), _pause)
        await self.says(str(opened["channel"]["id"]), pages)

    async def says(self, channel: str, pages: tuple[Message, ...]) -> None:
        """Into the direct conversation. An answer is said again until Slack takes it: better twice than not at all."""
        for page in pages:
            said: dict[str, Any] = {"channel": channel, "unfurl_links": False, "unfurl_media": False, **body_of(page)}
            await again(partial(self._client.chat_postMessage, **said), _pause)

    async def opens(self, trigger: str, view: View, *, inside: bool = False) -> View | None:
        """The opened view, on top of another one if `inside`; None where the trigger was too old, or used."""
        open = self._client.views_push if inside else self._client.views_open
        try:
            answer = await open(trigger_id=trigger, view=view)
        except Exception as error:
            LOG.info("slack.view kind=%s", type(error).__name__)
            return None
        opened: View = answer["view"]
        return opened

    async def fills(
        self, opened: View, language: str, make: Callable[[], Awaitable[View]], trouble: Callable[[Exception], Card]
    ) -> None:
        """The loading view becomes the form, or says what went wrong; it never stays."""
        try:
            view = await make()
            await self._client.views_update(view_id=opened["id"], hash=opened["hash"], view=view)
        except Exception as error:
            LOG.info("slack.form kind=%s", type(error).__name__)
            await self.shows(opened, trouble(error), language)

    async def shows(self, view: View, card: Card, language: str) -> None:
        """The view becomes this card; one that was closed meanwhile stays closed."""
        for attempt in range(2):
            try:
                await self._client.views_update(view_id=view["id"], view=card_modal(card, language))
                return
            except SlackApiError as error:
                if error.response.get("error") == "not_found":
                    return
                LOG.info("slack.view error=%s attempt=%d", error.response.get("error"), attempt)
                await asyncio.sleep(float(error.response.headers.get("Retry-After", "0.2")))


def too_late(language: str, again: Button | None) -> Card:
    """The form could not be opened in time; `again` opens it with a trigger of its own."""
    key = "slack.too_late" if again else "slack.too_late_again"
    return Card(say(language, key), Tone.NOTICE, buttons=(again,) if again else ())


def sentence(card: Card) -> str:
    """A refusal inside a form: what it is and what to do, in one line."""
    lines = (line for section in card.sections for line in section.lines)
    return " ".join((card.title, *lines))


def _pause(error: Exception, wait: float) -> float | None:
    if isinstance(error, SlackApiError):
        status = error.response.status_code
        return float(error.response.headers.get("Retry-After", wait)) if status >= 500 or status == 429 else None
    return wait if isinstance(error, UNANSWERED) else None
