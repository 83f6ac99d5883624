"""How one person on Slack is told something: in the channel where only they see it, else directly, or in a view."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat.later import Answered, Later, again
from adapters.slack.calls import NEVER, seconds_of, word_of
from adapters.slack.layout import Message, body_of, messages_of
from adapters.slack.people import UNANSWERED
from adapters.slack.views import View, card_modal
from adapters.wording import Card, Tone, say
from adapters.wording.card import Button

LOG: Final = logging.getLogger("kasuhara.slack")
UNTOLD: Final = (SlackApiError, *UNANSWERED)


class Telling(Later):
    """Nothing here undoes what was done: an answer that does not arrive is only logged."""

    def __init__(self, client: AsyncWebClient) -> None:
        super().__init__("slack", UNTOLD, _answered)
        self._client = client

    async def whisper(self, user: str, channel: str, card: Card, thread: str = "", skip: int = 0) -> None:
        """For this person alone: where they are, else directly; `skip` pages were told already."""

        async def there(page: Message) -> None:
            said = body_of(page) | {"channel": channel, "user": user, "thread_ts": thread or None}
            await self.again(partial(self._client.chat_postEphemeral, **said))

        async def directly(pages: Sequence[Message]) -> None:
            opened = await self.again(partial(self._client.conversations_open, users=user))
            await self.says(str(opened["channel"]["id"]), pages)

        pages = messages_of(card)[skip:]
        if channel and not channel.startswith("D"):  # neither the bot nor the person has to be in that channel
            await self.there_else_directly(pages, there, directly)
        else:
            await directly(pages)

    async def says(self, channel: str, pages: Sequence[Message]) -> None:
        """Into the direct conversation. An answer is said again until Slack takes it: better twice than not at all."""
        for page in pages:
            said: dict[str, Any] = {"channel": channel, "unfurl_links": False, "unfurl_media": False, **body_of(page)}
            await self.again(partial(self._client.chat_postMessage, **said))

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
            update = partial(self._client.views_update, view_id=opened["id"], hash=opened["hash"], view=view)
            await self.again(update)
        except Exception as error:
            LOG.info("slack.form kind=%s", type(error).__name__)
            if not (isinstance(error, SlackApiError) and word_of(error) == "hash_conflict"):  # else it stands there
                await self.shows(opened, trouble(error), language)

    async def shows(self, view: View, card: Card, language: str) -> None:
        """The view becomes this card; one that was closed meanwhile stays closed."""
        update = partial(self._client.views_update, view_id=view["id"], view=card_modal(card, language))
        try:
            await again(update, _unless_closed)
        except SlackApiError as error:
            LOG.info("slack.view error=%s", word_of(error))


def too_late(language: str, again: Button | None) -> Card:
    """The form could not be opened in time; `again` opens it with a trigger of its own."""
    key = "slack.too_late" if again else "slack.too_late_again"
    return Card(say(language, key), Tone.NOTICE, buttons=(again,) if again else ())


def sentence(card: Card) -> str:
    """A refusal inside a form: what it is and what to do, in one line."""
    lines = (line for section in card.sections for line in section.lines)
    return " ".join((card.title, *lines))


def _answered(error: Exception) -> Answered | None:
    if not isinstance(error, SlackApiError):
        return None
    wait = seconds_of(error) if "Retry-After" in (getattr(error.response, "headers", None) or {}) else None
    return Answered(int(getattr(error.response, "status_code", 0) or 0), wait)


def _unless_closed(error: Exception, wait: float) -> float | None:
    """Slack's own troubles with a view pass as well."""
    if isinstance(error, SlackApiError):
        word = word_of(error)
        return None if word == "not_found" or word in NEVER else seconds_of(error, wait)
    return wait if isinstance(error, UNANSWERED) else None
