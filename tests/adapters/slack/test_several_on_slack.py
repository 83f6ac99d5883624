"""A command that fits several calls is answered on Slack with a button for each, and each button does its own."""

import pytest
from conftest import ON_SOCKETS, Town
from screens import buttons_of, words_of

from adapters.chat.buttons import apart, bare
from bot.domain.model import PingState

ANGRY = "返事しろ。いつまで待たせるんだ"


def test_what_stands_twice_is_told_apart_and_found_again() -> None:
    ids = ["ack", "why", "ack~2", "ack", "ack"]
    assert list(apart(ids)) == ["ack", "why", "ack~2", "ack~3", "ack~4"]
    assert [bare(id) for id in apart(ids)] == ["ack", "why", "ack", "ack", "ack"]


@pytest.mark.rule("slack-13")
@ON_SOCKETS
async def test_of_two_calls_the_pressed_one_is_taken(here: Town) -> None:
    for customer in ("UCUST", "UCUST2"):
        for _ in range(5):
            here.slack.user(customer).says(ANGRY, "support")
            here.slack.clock.passes(20)
    await here.slack.until(lambda: here.house.one("SELECT count(*) FROM pings") == 2)
    super1 = here.slack.user("USUPER1")
    await super1.types("/kasuhara", "対応します", "random")
    asked = super1.private("random")[-1]
    actions = [action for action, _ in buttons_of(asked.blocks)]
    assert [value for _, value in buttons_of(asked.blocks)] == ["ping:1", "ping:2"], words_of(asked)
    assert len(set(actions)) == 2 and not here.slack.troubles
    await super1.presses(actions[1], asked)
    await here.slack.until(lambda: here.company.pings()[1].state is PingState.ACKNOWLEDGED)
    assert here.company.pings()[0].state is not PingState.ACKNOWLEDGED
