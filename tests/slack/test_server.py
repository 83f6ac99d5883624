"""The Web API of the local Slack, proved with the real AsyncWebClient: what a test of the adapter may rely on."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from . import LocalSlack, faults, limits
from .sdk import CARD, refusal


async def test_the_bot_learns_who_and_where_it_is(slack: LocalSlack, client: AsyncWebClient) -> None:
    me = await client.auth_test()
    assert (me["team_id"], me["user_id"], me["bot_id"]) == ("TOWN", slack.app.bot_user, slack.app.bot_id)
    assert "chat:write" in me.headers["x-oauth-scopes"]
    assert (await client.team_info())["team"]["domain"] == "town"
    assert (await client.bots_info(bot=slack.app.bot_id))["bot"]["user_id"] == slack.app.bot_user
    stranger = (await client.users_info(user="UCUST", include_locale=True))["user"]
    assert stranger["is_stranger"] and stranger["team_id"] == "TCUST" and stranger["locale"] == "ja-JP"
    assert "is_stranger" not in (await client.users_info(user="UCUST2"))["user"]
    guest = (await client.users_info(user="UGUEST1"))["user"]
    assert guest["is_ultra_restricted"] and guest["is_restricted"] and guest["team_id"] == "TOWN"
    listed = [user["id"] for page in [await client.users_list(limit=500)] for user in page["members"]]
    assert "UGUEST" in listed and "UGONE" in listed and "UCUST" not in listed
    assert (await client.usergroups_users_list(usergroup="S0LEADS"))["users"] == ["ULEAD", "UBOSS"]
    assert (await client.users_info(user="UAGENT2"))["user"]["tz_offset"] in {0, 3600}
    assert await refusal(client.users_info(user="UNOBODY")) == "user_not_found"


async def test_lists_come_in_pages(client: AsyncWebClient) -> None:
    names: list[str] = []
    pages = 0
    async for page in await client.conversations_list(types="public_channel,private_channel", limit=2):
        names += [channel["name"] for channel in page["channels"]]
        pages += 1
    assert names == ["support", "alert", "leads", "general", "random", "old"] and pages == 3, (
        "secret is not ours to see"
    )
    assert [c["name"] for c in (await client.users_conversations())["channels"]] == ["support", "random", "old"]
    support = (await client.conversations_info(channel="CSUPPORT", include_num_members=True))["channel"]
    assert support["is_ext_shared"] and support["num_members"] == 14
    assert "UGUEST" in (await client.conversations_members(channel="CSUPPORT", limit=100))["members"]
    assert await refusal(client.conversations_info(channel="GSECRET")) == "channel_not_found"
    assert await refusal(client.conversations_history(channel="CGENERAL")) == "not_in_channel"
    assert await refusal(client.conversations_list(cursor="nonsense!")) == "invalid_cursor"


async def test_history_and_threads_keep_order_edits_and_metadata(slack: LocalSlack, client: AsyncWebClient) -> None:
    customer, agent = slack.user("UCUST"), slack.user("UAGENT")
    first = customer.says("もう三回目だ & <まだか>", "support")
    late = customer.says("written before, arrived after", "support", ago=60)
    agent.replies(first, "申し訳ございません")
    agent.replies(first, "to all", broadcast=True)
    metadata = {"event_type": "ping", "event_payload": {"id": "p7"}}
    posted = await client.chat_postMessage(channel="CSUPPORT", text="card", blocks=CARD, metadata=metadata)
    await client.chat_update(channel="CSUPPORT", ts=posted["ts"], text="card, seen", blocks=CARD)
    plain = (await client.conversations_history(channel="CSUPPORT"))["messages"]
    assert [m["text"] for m in plain] == [
        "card, seen",
        "to all",
        "もう三回目だ &amp; &lt;まだか&gt;",
        late.event["text"],
    ]
    assert plain[0]["edited"]["user"] == slack.app.bot_user and "event_payload" not in plain[0]["metadata"]
    assert (plain[2]["reply_count"], plain[2]["reply_users"]) == (2, ["UAGENT"]) and plain[2]["user_team"] == "TCUST"
    full = (await client.conversations_history(channel="CSUPPORT", include_all_metadata=True, limit=1))["messages"]
    assert full[0]["metadata"] == metadata
    thread = (await client.conversations_replies(channel="CSUPPORT", ts=first.ts, limit=1))["messages"]
    assert [m["text"] for m in thread] == [plain[2]["text"], "申し訳ございません"] and thread[1][
        "thread_ts"
    ] == first.ts
    stamps = [float(m["ts"]) for m in plain]
    assert stamps == sorted(stamps, reverse=True) and len(set(stamps)) == 4
    since = await client.conversations_history(channel="CSUPPORT", oldest=first.ts, limit=1)
    assert since["messages"][0]["ts"] == posted["ts"] and since["has_more"]
    slack.pages_forward = True
    since = await client.conversations_history(channel="CSUPPORT", oldest=first.ts, limit=1)
    assert since["messages"][0]["text"] == "to all"
    link = (await client.chat_getPermalink(channel="CSUPPORT", message_ts=first.ts))["permalink"]
    assert link == f"https://town.slack.com/archives/CSUPPORT/p{first.ts.replace('.', '')}"


async def test_a_post_goes_only_where_the_bot_may_post(slack: LocalSlack, client: AsyncWebClient) -> None:
    for channel, error in {
        "CNOWHERE": "channel_not_found",
        "GSECRET": "channel_not_found",
        "CGENERAL": "not_in_channel",
        "COLD": "is_archived",
        "UGONE": "channel_not_found",
    }.items():
        assert await refusal(client.chat_postMessage(channel=channel, text="x")) == error
    assert await refusal(client.api_call("chat.postMessage", json={"channel": "CRANDOM", "text": " "})) == "no_text"
    assert await refusal(client.conversations_open(users="UGONE")) == "user_disabled"
    await client.conversations_join(channel="CGENERAL")
    posted = await client.chat_postMessage(channel="CGENERAL", text="<!channel> hi", blocks=CARD)
    direct = await client.chat_postMessage(channel="UAGENT", text="only you")
    assert (
        direct["channel"]
        == slack.direct("UAGENT").id
        == (await client.conversations_open(users="UAGENT"))["channel"]["id"]
    )
    assert slack.posts("general")[-1].pings == {"!channel"} and slack.cards("general")[-1].buttons == ["ack"]
    assert "three" in slack.cards()[-1].words
    await client.chat_delete(channel="CGENERAL", ts=posted["ts"])
    assert not slack.cards()
    theirs = slack.user("UAGENT").says("mine", "general")
    assert await refusal(client.chat_delete(channel="CGENERAL", ts=theirs.ts)) == "cant_delete_message"
    assert await refusal(client.chat_update(channel="CGENERAL", ts="1.0", text="x")) == "message_not_found"


async def test_an_ephemeral_is_seen_by_one_person(slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.chat_postEphemeral(channel="CRANDOM", user="UAGENT", text="recorded")
    assert [m.text for m in slack.user("UAGENT").sees("random")] == ["recorded"]
    assert not slack.user("ULEAD").sees("random") and not slack.channel("random").messages
    assert [m.text for m in slack.user("UAGENT").private()] == ["recorded"]
    assert await refusal(client.chat_postEphemeral(channel="CRANDOM", user="UCUST", text="x")) == "user_not_in_channel"


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def buttons(count: int, text: str = "Go") -> dict[str, Any]:
    label = {"type": "plain_text", "text": text}
    return {
        "type": "actions",
        "elements": [{"type": "button", "text": label, "action_id": f"a{n}"} for n in range(count)],
    }


@pytest.mark.parametrize(
    ("blocks", "reason"),
    [
        ([section("x" * 3001)], "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ([section("x")] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([buttons(26)], "no more than 25 items allowed [json-pointer:/blocks/0/elements]"),
        ([buttons(1, "x" * 76)], "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"),
        ([buttons(1) | {"elements": buttons(1)["elements"] * 2}], "`action_id`"),
        ([{"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}], "no more than 10 items allowed"),
        ([{"type": "section"}], "must define either `text` or `fields`"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "must be a valid text object"),
        ([{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}], "no more than 10 items"),
        ([{"type": "poem"}], "unsupported type: poem [json-pointer:/blocks/0/type]"),
        ([section("x") | {"colour": "red"}], "invalid additional property: colour"),
    ],
)
async def test_blocks_beyond_the_limits_are_refused_with_the_reason(
    client: AsyncWebClient, blocks: list[dict[str, Any]], reason: str
) -> None:
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="CRANDOM", text="x", blocks=blocks)
    assert caught.value.response["error"] == "invalid_blocks"
    assert reason in caught.value.response["response_metadata"]["messages"][0]


async def test_an_action_may_stand_in_two_blocks(slack: LocalSlack, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="CRANDOM", text="x", blocks=[buttons(1), buttons(1)])
    assert slack.posts("random")[-1].buttons == ["a0", "a0"]


async def test_legal_blocks_can_be_too_long_together(client: AsyncWebClient) -> None:
    call = client.chat_postMessage(channel="CRANDOM", text="x", blocks=[section("あ" * 2900)] * 5)
    assert await refusal(call) == "msg_blocks_too_long"
    assert await refusal(client.chat_postMessage(channel="CRANDOM", text="x", blocks="[")) == "invalid_blocks_format"


async def test_tokens_and_scopes_are_checked(slack: LocalSlack, client: AsyncWebClient) -> None:
    assert await refusal(client.auth_test(token="xoxb-wrong")) == "invalid_auth"
    assert await refusal(client.apps_connections_open(app_token=slack.app.bot_token)) == "not_allowed_token_type"
    slack.app.scopes -= {"users:read.email", "usergroups:read"}
    assert "email" not in (await client.users_info(user="UAGENT"))["user"]["profile"]
    with pytest.raises(SlackApiError) as caught:
        await client.usergroups_list()
    assert (caught.value.response["error"], caught.value.response["needed"]) == ("missing_scope", "usergroups:read")
    assert await refusal(client.api_call("chat.poem")) == "unknown_method"
    slack.app.broken = "token_revoked"
    assert await refusal(client.auth_test()) == "token_revoked"
    assert len(slack.record.refusals) == 5 and slack.record.of("usergroups.list")[0].error == "missing_scope"


async def test_a_method_called_too_often_is_told_to_wait(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.limits.rates = limits.real()
    await client.chat_postMessage(channel="CRANDOM", text="1")
    await client.chat_postMessage(channel="GALERT", text="another channel")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="CRANDOM", text="2")
    assert caught.value.response.status_code == 429 and caught.value.response.headers["Retry-After"] == "1"
    slack.clock.passes(1)
    await client.chat_postMessage(channel="CRANDOM", text="2")
    slack.faults.on("chat.postMessage", faults.busy(0))
    patient = AsyncWebClient(
        token=slack.app.bot_token, base_url=slack.api_url, retry_handlers=[AsyncRateLimitErrorRetryHandler()]
    )
    slack.clock.passes(1)
    await patient.chat_postMessage(channel="CRANDOM", text="3")
    assert [m.text for m in slack.posts("random")] == ["1", "2", "3"]


async def test_calls_fail_as_the_script_says(slack: LocalSlack, client: AsyncWebClient) -> None:
    slack.faults.on(
        "chat.postMessage", faults.down(), faults.cut(), faults.lost(), faults.stuck(seconds=0.05), faults.slow(0.05),
        faults.refused("fatal_error"), faults.down(500, carried_out=True),
    )  # fmt: skip
    for number in range(8):
        try:
            await client.chat_postMessage(channel="CRANDOM", text=str(number))
        except Exception as failure:  # noqa: BLE001, PERF203
            assert isinstance(failure, SlackApiError) is (number in {0, 5, 6}), failure
    assert [m.text for m in slack.posts("random")] == ["2", "4", "6", "7"], "lost, slow and late 500 were carried out"
    names = ["5xx", "cut", "lost", "stuck", "slow", "fatal_error", "5xx"]
    assert [name for _, name in slack.faults.taken] == names and not slack.record.refusals
    slack.faults.rolled(7, "*", faults.refused("internal_error"), worse=1.0)
    assert await refusal(client.auth_test()) == "internal_error"
    slack.faults.clear()
    await client.auth_test()


async def test_files_go_up_in_three_steps_and_come_down_again(slack: LocalSlack, client: AsyncWebClient) -> None:
    done = await client.files_upload_v2(
        channel="CRANDOM", content=b"\x89PNG", filename="chart.png", title="Chart", initial_comment="the week"
    )
    file = (await client.files_info(file=done["file"]["id"]))["file"]
    assert (file["mimetype"], file["size"], file["title"]) == ("image/png", 4, "Chart")
    assert slack.posts("random")[-1].files[0]["id"] == file["id"] and slack.files.bodies[file["id"]] == b"\x89PNG"
    mail = slack.mails("support", "angry@customer.test", "返金しろ", "苦情", "Aoki", partial=True)
    shown = mail.event["files"][0]
    assert mail.event["user"] == "USLACKBOT" and shown["mode"] == "email" and "plain_text" not in shown
    whole = (await client.files_info(file=shown["id"]))["file"]
    assert whole["plain_text"] == "返金しろ" and whole["from"][0]["address"] == "angry@customer.test"
    assert await refusal(client.files_info(file="F0")) == "file_not_found"


async def test_do_not_disturb_is_told(slack: LocalSlack, client: AsyncWebClient) -> None:
    assert not (await client.dnd_info(user="USUPER1"))["dnd_enabled"]
    slack.user("USUPER1").rests(600)
    resting = await client.dnd_info(user="USUPER1")
    assert resting["next_dnd_start_ts"] <= slack.clock.now() < resting["next_dnd_end_ts"]


async def test_a_response_url_is_good_five_times_and_half_an_hour(slack: LocalSlack) -> None:
    await slack.user("UAGENT").types("/kasuhara", "status", "random")
    url = slack.courier.deliveries[-1].payload["response_url"]
    hook = AsyncWebhookClient(url)
    for _ in range(5):
        assert (await hook.send(text="private")).status_code == 200
    used = await hook.send(text="too many")
    assert used.status_code == 404 and "used_url" in used.body
    assert len(slack.user("UAGENT").private("random")) == 5
    old = AsyncWebhookClient(slack.urls.new("UAGENT", "CRANDOM"))
    bad = await old.send_dict({"blocks": [{"type": "poem"}]})
    assert bad.status_code == 400 and "invalid_blocks" in bad.body
    slack.clock.passes(1801)
    assert "expired_url" in (await old.send(text="late")).body
