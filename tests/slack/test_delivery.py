"""Socket Mode and signed HTTP of the local Slack, proved with the real SocketModeClient and SignatureVerifier."""

from contextlib import AsyncExitStack

import pytest
from aiohttp import ClientSession, WSMsgType, WSServerHandshakeError
from slack_sdk.web.async_client import AsyncWebClient

from . import LocalSlack, Plan, copied, shuffled
from .sdk import CARD, Bot, Door, listening


async def test_events_come_over_the_socket_and_are_acknowledged(slack: LocalSlack) -> None:
    bot = Bot()
    async with listening(slack, bot):
        agent, customer = slack.user("UAGENT"), slack.user("UCUST")
        said = await customer.says("first", "support")
        await agent.edits(agent.says("typo", "random"), "mended")
        deleted = await customer.deletes(said)
        parent = agent.says("parent", "random")
        agent.replies(parent, "child")
        tomb = await agent.deletes(parent)
        unfurled = await slack.unfurls(agent.says("see https://example.com/", "random"))
        silent = agent.says("nobody hears this", "general")
        await slack.user("URELAY").says("relayed", "support")
        old = await slack.user("UCLASSIC").says("hooked", "support")
        gone = await slack.user("UGUEST").leaves("support")
        shared = await slack.news.shared(slack.channel("alert"), "TCUST")
        await slack.settled()
    assert said.acked and said.attempts[0].took < 1 and said.payload["is_ext_shared_channel"]
    assert said.event["user_team"] == "TCUST" and said.event["channel_type"] == "channel"
    assert deleted.event["subtype"] == "message_deleted" and deleted.event["previous_message"]["text"] == "first"
    assert tomb.event["message"]["subtype"] == "tombstone" and tomb.event["message"]["reply_count"] == 1
    assert unfurled.event["message"]["text"] == unfurled.event["previous_message"]["text"]
    assert unfurled.event["message"]["attachments"] and not silent.sent
    assert old.event["subtype"] == "bot_message" and "user" not in old.event
    assert gone.event["type"] == "member_left_channel" and shared.event["type"] == "channel_shared"
    assert bot.heard[0].payload["authorizations"][0]["user_id"] == slack.app.bot_user
    assert not slack.courier.unacknowledged and len({r.payload["event_id"] for r in bot.heard}) == len(bot.heard)


async def test_the_bot_hears_its_own_posts_and_mentions(slack: LocalSlack, client: AsyncWebClient) -> None:
    bot = Bot()
    async with listening(slack, bot):
        await client.chat_postMessage(channel="CRANDOM", text="mine")
        await slack.user("UAGENT").says(f"<@{slack.app.bot_user}> help", "random")
        await slack.user("UAGENT").tells_bot("now")
        await slack.settled()
    kinds = sorted((r.payload["event"]["type"], r.payload["event"].get("channel_type", "")) for r in bot.heard)
    assert kinds == [("app_mention", ""), ("message", "channel"), ("message", "channel"), ("message", "im")]


async def test_what_is_not_acknowledged_comes_again(slack: LocalSlack) -> None:
    bot = Bot(deaf=True)
    slack.courier.patience, slack.courier.tempo = 0.05, 0.001
    async with listening(slack, bot):
        said = await slack.user("UCUST").says("hello?", "support")
        assert [r.retry_attempt for r in bot.heard] == [0, 1, 2, 3] and not said.acked
        assert [r.retry_reason for r in bot.heard] == ["", "timeout", "timeout", "timeout"]
        assert len({r.payload["event_id"] for r in bot.heard}) == 1
        assert slack.courier.unacknowledged == [said]


async def test_duplicates_lateness_and_disorder(slack: LocalSlack) -> None:
    bot = Bot()
    async with listening(slack, bot):
        slack.courier.plan = copied(3, most=11)
        said = [await slack.user("UCUST").says(str(n), "support") for n in range(20)]
        copies = [len(one.copies) + 1 for one in said]
        assert min(copies) == 1 and max(copies) == 11 and len(bot.heard) == sum(copies)
        assert len({r.payload["event_id"] for r in bot.heard}) == sum(copies)
        bot.heard.clear()
        slack.courier.plan = lambda one: Plan(delay=0.05 if one.event["text"] == "late" else 0.0)
        slack.user("UCUST").says("late", "support")
        slack.user("UCUST").says("later", "support")
        await slack.settled()
        assert bot.texts == ["later", "late"]
        bot.heard.clear()
        slack.courier.plan = lambda one: Plan(lost=one.event["text"] == "2")
        with slack.courier.holding(shuffled(1)):
            for n in range(6):
                slack.user("UCUST").says(str(n), "support")
            assert not bot.heard
        await slack.settled()
        assert sorted(bot.texts) == ["0", "1", "3", "4", "5"] and bot.texts != sorted(bot.texts)


async def test_connections_share_refresh_and_fall(slack: LocalSlack) -> None:
    bot = Bot()
    slack.courier.patience, slack.courier.tempo = 0.5, 0.01
    async with listening(slack, bot, sockets=2):
        for n in range(20):
            await slack.user("UCUST").says(str(n), "support")
        assert sorted(bot.texts, key=int) == [str(n) for n in range(20)]
        assert all(one.brought for one in slack.sockets.open)
        first, second = slack.sockets.open
        await slack.sockets.refresh(first)
        await slack.until(lambda: slack.sockets.ever == 3 and len(slack.sockets.open) == 2)
        slack.sockets.cut(second)
        assert (await slack.user("UCUST").says("after the cut", "support")).acked
        await slack.until(lambda: slack.sockets.ever == 4, 3)
    assert not slack.courier.unacknowledged


async def test_a_mute_socket_looks_connected_and_a_frozen_one_does_not(slack: LocalSlack) -> None:
    bot = Bot()
    slack.courier.patience, slack.courier.tempo = 0.05, 0.0
    async with listening(slack, bot) as (client,):
        (connection,) = slack.sockets.open
        connection.mute = True
        assert not (await slack.user("UCUST").says("unheard", "support")).acked and not bot.heard
        assert await client.is_connected()
        connection.frozen = True
        await slack.until(lambda: slack.sockets.ever == 2, 5)
        await slack.until(lambda: len(slack.sockets.open) == 1)
        assert (await slack.user("UCUST").says("heard", "support")).acked
        slack.sockets.open[0].delay = 10
        assert not (await slack.user("UCUST").says("slow", "support")).acked
    await slack.until(lambda: not slack.sockets.open)
    gone = await slack.user("UCUST").says("nobody is there", "support")
    assert not gone.attempts, "lost with no socket, as Slack may"


async def test_an_eleventh_connection_is_sent_away(slack: LocalSlack) -> None:
    async with ClientSession() as session, AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(session.ws_connect(slack.sockets.ticket())) for _ in range(11)]
        hellos = [await socket.receive_json() for socket in sockets]
        assert [hello.get("num_connections") for hello in hellos[:10]] == list(range(1, 11))
        assert hellos[10]["reason"] == "too_many_websockets" and (await sockets[10].receive()).type is WSMsgType.CLOSE
        await slack.sockets.disable()
        assert (await sockets[0].receive_json())["reason"] == "link_disabled"
        with pytest.raises(WSServerHandshakeError):
            await session.ws_connect(slack.sockets.ticket())


async def test_events_commands_and_actions_come_signed(slack: LocalSlack, client: AsyncWebClient, door: Door) -> None:
    assert await slack.http.verify()
    said = await slack.user("UCUST").says("怒り", "support")
    assert said.acked and door.heard[0][1]["event"]["text"] == "怒り" and "X-Slack-Retry-Num" not in door.heard[0][0]
    done = await slack.user("UAGENT").types("/kasuhara", "report あおき & co", "random")
    assert done.answer == "ok" and door.heard[1][1]["text"] == "report あおき & co"
    assert [m.text for m in slack.user("UAGENT").private()] == ["ok"]
    await client.chat_postMessage(channel="GALERT", text="card", blocks=CARD)
    await slack.user("USUPER1").presses("ack", slack.cards()[0])
    assert door.heard[-1][1]["actions"][0]["action_id"] == "ack"


async def test_a_bad_or_old_signature_is_not_accepted(slack: LocalSlack, door: Door) -> None:
    payload = slack.news.envelope({"type": "message", "text": "forged"})
    for request in (
        slack.http.request("events_api", payload, secret="another"),
        slack.http.request("events_api", payload, age=301),
    ):
        assert (await slack.http.post(request))[0] == 401
    good = slack.http.request("events_api", payload)
    assert [(await slack.http.post(good))[0] for _ in range(2)] == [200, 200], (
        "a replay is good here: the app must know"
    )
    assert len(door.heard) == 2


async def test_failed_requests_come_again_with_their_reason(slack: LocalSlack, door: Door) -> None:
    slack.courier.tempo = 0.001
    door.statuses = [500, 404]
    said = await slack.user("UCUST").says("again", "support")
    assert said.acked and [a.outcome for a in said.attempts] == ["http_error", "http_error", "acked"]
    retries = [(h.get("X-Slack-Retry-Num"), h.get("X-Slack-Retry-Reason")) for h, _ in door.heard]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_error")]
    door.delay, slack.courier.patience = 0.5, 0.05
    assert [a.outcome for a in (await slack.user("UCUST").says("slow", "support")).attempts] == ["http_timeout"] * 4
    door.delay, door.no_retry, door.statuses, slack.courier.patience = 0, True, [500], 3
    assert len((await slack.user("UCUST").says("no more", "support")).attempts) == 1
    slack.http.url = "http://127.0.0.1:9/"
    gone = await slack.user("UCUST").says("gone", "support")
    assert {a.outcome for a in gone.attempts} == {"connection_failed"} and len(gone.attempts) == 4
