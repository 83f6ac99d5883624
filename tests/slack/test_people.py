"""What people do in the local Slack: commands, forms, buttons and shortcuts, answered by a real socket client."""

from typing import Any

import pytest
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from . import LocalSlack, NotPossible
from .sdk import CARD, MODAL, Bot, listening, refusal


async def test_a_command_opens_a_modal_that_is_filled_in_and_sent(slack: LocalSlack, client: AsyncWebClient) -> None:
    seen: dict[str, Any] = {}

    async def answers(request: SocketModeRequest) -> dict[str, Any] | None:
        payload = request.payload
        if request.type == "slash_commands":
            opened = await client.views_open(trigger_id=payload["trigger_id"], view=MODAL)
            assert (
                await refusal(client.views_open(trigger_id=payload["trigger_id"], view=MODAL)) == "exchanged_trigger_id"
            )
            stale = client.views_update(view_id=opened["view"]["id"], view=MODAL, hash="1.old")
            assert await refusal(stale) == "hash_conflict"
            hash = opened["view"]["hash"]
            await client.views_update(view_id=opened["view"]["id"], view=MODAL | {"private_metadata": "7"}, hash=hash)
            return {"text": "one moment"}
        if payload["type"] == "block_suggestion":
            return {"options": [{"text": {"type": "plain_text", "text": "Aoki"}, "value": "c1"}]}
        seen.update(payload)
        if payload["view"]["state"]["values"]["words"]["text"]["value"] == "bad":
            return {"response_action": "errors", "errors": {"words": "Say more"}}
        return None

    async with listening(slack, Bot(answers)):
        agent = slack.user("UAGENT")
        done = await agent.types("/kasuhara", "report", "random")
        assert done.answer == {"text": "one moment"} and [m.text for m in agent.private()] == ["one moment"]
        assert agent.modal.content["private_metadata"] == "7"
        with pytest.raises(NotPossible):
            await agent.submits()
        with pytest.raises(NotPossible):
            agent.enters("text", "x" * 101)
        assert await agent.searches("customer", "ao") == ["c1"]
        await agent.submits({"text": "bad", "customer": "c1"})
        assert agent.modal.errors == {"words": "Say more"}
        await agent.submits({"text": "shouted at us"})
        assert slack.views.top("UAGENT") is None and not slack.troubles
    values = seen["view"]["state"]["values"]
    assert values["words"]["text"] == {"type": "plain_text_input", "value": "shouted at us"}
    assert values["who"]["customer"]["selected_option"]["value"] == "c1" and seen["user"]["team_id"] == "TOWN"


async def test_a_button_is_pressed_on_a_card_and_in_private(slack: LocalSlack, client: AsyncWebClient) -> None:
    heard: list[dict[str, Any]] = []

    async def answers(request: SocketModeRequest) -> None:
        heard.append(request.payload)

    async with listening(slack, Bot(answers)):
        await client.chat_postMessage(channel="GALERT", text="card", blocks=CARD)
        (card,) = slack.cards("alert")
        await slack.settled()
        heard.clear()
        await slack.user("USUPER1").presses("ack", card)
        assert heard[0]["actions"][0]["value"] == "7" and heard[0]["message"]["ts"] == card.ts
        assert heard[0]["container"] == {
            "type": "message", "message_ts": card.ts, "channel_id": "GALERT", "is_ephemeral": False
        }  # fmt: skip
        with pytest.raises(NotPossible):
            await slack.user("UCUST").presses("ack", card)
        with pytest.raises(NotPossible):
            await slack.user("USUPER1").presses("resolve", card)
        hook = AsyncWebhookClient(heard[0]["response_url"])
        await hook.send(text="only for you", blocks=CARD)
        (private,) = slack.user("USUPER1").private("alert")
        await slack.user("USUPER1").presses("ack", private)
        assert heard[-1]["container"]["is_ephemeral"] and "message" not in heard[-1]
        await AsyncWebhookClient(heard[-1]["response_url"]).send(delete_original=True)
        assert not slack.user("USUPER1").private("alert")
        forged = slack.user("USUPER1").action("ack", on=card) | {"user": {"id": "UCUST", "team_id": "TCUST"}}
        assert (await slack.user("UCUST").forges(forged)).acked


async def test_shortcuts_home_and_a_slow_app(slack: LocalSlack, client: AsyncWebClient) -> None:
    bot = Bot()
    home = {"type": "home", "blocks": [CARD[1]]}
    async with listening(slack, bot):
        said = slack.user("UCUST").says("bad words", "support")
        await slack.user("UAGENT").opens_shortcut("report_message", on=said)
        await slack.user("UAGENT").opens_shortcut("report_new")
        await client.views_publish(user_id="UAGENT", view=home)
        await slack.user("UAGENT").opens_home()
        await slack.user("UAGENT").presses("ack", slack.user("UAGENT").home)
        kinds = [r.payload.get("type") for r in bot.heard if r.type == "interactive"]
        assert kinds == ["message_action", "shortcut", "block_actions"]
        assert bot.heard[1].payload["message"]["text"] == "bad words"
        bot.deaf, slack.courier.patience = True, 0.1
        await slack.user("UAGENT").types("/kasuhara", "status", "random")
        assert "operation_timeout" in slack.user("UAGENT").private("random")[0].text
    late = slack.triggers.new("UAGENT")
    slack.clock.passes(3.1)
    assert await refusal(client.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"
    bad = MODAL | {"title": {"type": "plain_text", "text": "x" * 25}}
    assert await refusal(client.views_open(trigger_id=slack.triggers.new("UAGENT"), view=bad)) == "invalid_arguments"


def select(kind: str, action_id: str, **more: Any) -> dict[str, Any]:
    options = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("low", "high")]
    return {"type": kind, "action_id": action_id, "options": options, **more}


async def test_menus_boxes_and_dates_keep_what_is_chosen(slack: LocalSlack, client: AsyncWebClient) -> None:
    bot = Bot()
    elements = [
        select("static_select", "how", initial_option=select("", "")["options"][0]),
        select("checkboxes", "boxes"),
        {"type": "datepicker", "action_id": "day"},
        {"type": "users_select", "action_id": "whom"},
    ]
    async with listening(slack, bot):
        await client.chat_postMessage(
            channel="CRANDOM", text="card", blocks=[{"type": "actions", "elements": elements}]
        )
        (card,) = slack.cards("random")
        await slack.user("ULEAD").selects("day", "2026-11-24", card)
        assert bot.heard[-1].payload["actions"][0]["selected_date"] == "2026-11-24"
        (values,) = bot.heard[-1].payload["state"]["values"].values()
        assert values["how"]["selected_option"]["value"] == "low" and values["day"]["selected_date"] == "2026-11-24"
        await slack.user("ULEAD").selects("boxes", ["high"], card)
        assert bot.heard[-1].payload["actions"][0]["selected_options"][0]["value"] == "high"
        await slack.user("ULEAD").selects("whom", "UAGENT", card)
        assert bot.heard[-1].payload["actions"][0]["selected_user"] == "UAGENT"
        with pytest.raises(NotPossible):
            await slack.user("ULEAD").selects("how", "highest", card)


async def test_forms_are_pushed_updated_and_closed(slack: LocalSlack, client: AsyncWebClient) -> None:
    heard: list[str] = []
    second = MODAL | {"callback_id": "second", "notify_on_close": True}

    async def answers(request: SocketModeRequest) -> dict[str, Any] | None:
        payload = request.payload
        heard.append(payload["type"])
        if payload["type"] == "shortcut":
            await client.views_open(trigger_id=payload["trigger_id"], view=MODAL)
        elif payload["type"] == "view_submission":
            words = payload["view"]["state"]["values"]["words"]["text"]["value"]
            if words == "push":
                return {"response_action": "push", "view": second}
            broken = MODAL | {"title": {"type": "plain_text", "text": "x" * 25}}
            return {
                "response_action": "update",
                "view": broken if words == "break" else MODAL | {"private_metadata": "2"},
            }
        return None

    async with listening(slack, Bot(answers)):
        agent = slack.user("UAGENT")
        await agent.opens_shortcut("new")
        root = agent.modal
        await agent.submits({"text": "push"})
        assert agent.modal.content["callback_id"] == "second" and agent.modal.shown()["root_view_id"] == root.id
        await agent.closes()
        assert agent.modal is root and heard[-1] == "view_closed"
        await agent.submits({"text": "more"})
        assert agent.modal.content["private_metadata"] == "2"
        await agent.submits({"text": "break"})
        assert "must be less than 25 characters" in slack.troubles[0][1]
        assert await agent.closes() is None
        with pytest.raises(NotPossible):
            await agent.submits()


async def test_people_come_go_and_share(slack: LocalSlack, client: AsyncWebClient) -> None:
    bot = Bot()
    slack.history("general", ("ULEAD", "before the bot & unheard"), ago=3600)
    async with listening(slack, bot):
        lead, me = slack.user("ULEAD"), slack.app.bot_user
        assert not lead.says("nobody of ours is here", "general").sent
        invited = await lead.invites(me, "general")
        assert invited.event["type"] == "member_joined_channel" and invited.event["inviter"] == "ULEAD"
        past = (await client.conversations_history(channel="CGENERAL"))["messages"]
        assert [m.get("subtype", "") for m in past] == ["channel_join", "", ""] and past[2]["text"].startswith("before")
        shared = await lead.uploads("log.txt", b"shouting", "general", "the log")
        assert shared.event["subtype"] == "file_share" and shared.event["files"][0]["size"] == 8
        assert (await lead.reacts(shared, "eyes")).event["item"]["ts"] == shared.ts
        await slack.news.renamed(slack.channel("general"), "all")
        await slack.news.archived(slack.channel("random"), "UADMIN")
        slack.workspace.users["UAGENT"].deleted = True
        assert (await slack.news.user_changed("UAGENT")).event["user"]["deleted"]
        slack.workspace.groups["S0LEADS"].users.remove("UBOSS")
        assert (await slack.news.group_changed("S0LEADS")).event["subteam"]["users"] == ["ULEAD"]
        assert (await slack.news.rate_limited()).acked
        await slack.news.shared(slack.channel("support"), "TCUST", on=False)
        assert "UCUST" not in slack.channel("support").members
        await lead.says("hi <@UAGENT> &  <!here> https://example.com/a?b=1&c=2 <b>", "all", me=True)
        await slack.news.left(slack.channel("all"), me)
        await slack.news.tokens_revoked()
        await slack.settled()
    texts = [
        r.payload["event"].get("text") for r in bot.heard if r.payload.get("event", {}).get("subtype") == "me_message"
    ]
    assert texts == ["hi <@UAGENT> &amp;  <!here> <https://example.com/a?b=1&amp;c=2> &lt;b&gt;"]
    assert await refusal(client.chat_postMessage(channel="CSUPPORT", text="x")) == "token_revoked"
    assert not slack.courier.unacknowledged
