"""What one person alone is told on Slack arrives though a connection breaks: in the channel, else directly."""

import pytest
from conftest import ON_SOCKETS, Town
from screens import keys_of, words_of
from slack import faults
from slack_sdk.web.async_client import AsyncWebClient

from adapters.chat import later
from adapters.slack.telling import Telling
from adapters.wording import Card, Section, Tone

pytestmark = ON_SOCKETS
LINES = tuple(f"{number:03}: {'長い説明。' * 60}" for number in range(100))
LONG = Card("長い", Tone.CALM, (Section(lines=LINES),))


@pytest.fixture(autouse=True)
def soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(later, "WAITS", (0.01, 0.01))


def telling(here: Town) -> Telling:
    return Telling(AsyncWebClient(token=here.slack.app.bot_token, base_url=here.slack.api_url, retry_handlers=[]))


def private(here: Town) -> str:
    return "\n".join(words_of(message) for message in here.slack.user("UAGENT").private("random"))


def direct(here: Town) -> str:
    return "\n".join(words_of(message) for message in here.slack.posts(here.slack.direct("UAGENT").id))


@pytest.mark.parametrize("fault", [faults.cut(), faults.down(), faults.busy(0)])
async def test_a_private_answer_survives_one_broken_call(here: Town, fault: faults.Fault) -> None:
    here.slack.faults.on("chat.postEphemeral", fault)
    await telling(here).whisper("UAGENT", "CRANDOM", LONG)
    assert all(line in private(here) for line in LINES) and not direct(here)


async def test_where_the_channel_stays_silent_the_rest_comes_directly(here: Town) -> None:
    here.slack.faults.on("chat.postEphemeral", None, *[faults.cut()] * 3)
    await telling(here).whisper("UAGENT", "CRANDOM", LONG)
    assert len(here.slack.user("UAGENT").private("random")) == 1
    assert all((line in private(here)) != (line in direct(here)) for line in LINES), "each page once"


async def test_a_loading_view_becomes_the_form_though_a_call_breaks(here: Town) -> None:
    agent = here.slack.user("UAGENT")
    for broken, fault in enumerate((faults.cut(), faults.lost()), start=1):
        here.slack.faults.on("views.update", fault)
        await agent.types("/kasuhara", "報告", "random")
        await here.slack.until(lambda calls=2 * broken: len(here.slack.record.of("views.update")) >= calls)
        await here.slack.until(lambda: "text" in keys_of(agent.modal))
    assert here.slack.record.of("views.update")[-1].error == "hash_conflict", "the second time it stood there"
    assert agent.modal.content["callback_id"] == "report"


async def test_where_no_form_can_be_made_the_trouble_is_shown_though_that_call_breaks(here: Town) -> None:
    agent = here.slack.user("UAGENT")
    here.slack.faults.on("views.update", faults.refused("internal_error"), faults.cut())
    await agent.types("/kasuhara", "報告", "random")
    await here.slack.until(lambda: agent.modal.content["callback_id"] == "answer")
    assert "もう一度" in words_of(agent.modal)
