"""Whose word it is: what counts as speech, who speaks, and what is kept of edits, deletions and mails."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack import Channel, Room, User, faults
from slack.delivery import EVENTS, Delivery
from wire import Wire, wired

from adapters.chat import asking
from adapters.slack import inbound
from bot.domain.questions import CustomersAsked, CustomersShown

SPEECH = ("file_share", "thread_broadcast", "me_message")
NOT_SPEECH = (
    "channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name", "channel_archive",
    "channel_unarchive", "group_join", "group_leave", "group_topic", "group_purpose", "group_name", "group_archive",
    "group_unarchive", "channel_posting_permissions", "channel_convert_to_private", "bot_add", "bot_remove",
    "bot_enable", "bot_disable", "pinned_item", "unpinned_item", "ekm_access_denied", "reminder_add",
    "reminder_delete", "slackbot_response", "huddle_thread", "sh_room_created", "tombstone", "reply_broadcast",
    "message_replied", "file_comment", "file_mention", "assistant_app_thread", "document_mention",
    "joiner_notification", "新しい種類",
)  # fmt: skip


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    async with wired("socket", tmp_path) as made:
        yield made


async def brings(wire: Wire, **event: object) -> Delivery:
    """An event that the local Slack would not make by itself."""
    base = {
        "type": "message",
        "channel": "CSUPPORT",
        "channel_type": "channel",
        "user": "UCUST",
        "text": "聞こえますか",
    }
    stamped = base | {"ts": wire.slack.clock.stamp()} | event
    return await wire.slack.courier.send(Delivery(EVENTS, wire.slack.news.envelope(stamped)))


@pytest.mark.rule("slack-18")
async def test_only_speech_counts(wire: Wire) -> None:
    async with wire.up():
        for subtype in NOT_SPEECH:
            assert (await brings(wire, subtype=subtype)).acked, subtype
        assert wire.stored() == 0
        for subtype in SPEECH:
            assert (await brings(wire, subtype=subtype)).acked
        await brings(wire)
        assert wire.speakers() == ["customer"] * 4
        assert (await brings(wire, user=None, bot_id="B0X", subtype="bot_message", username="hook")).acked
        assert wire.speakers() == ["customer"] * 4 + ["bot"]


@pytest.mark.rule("slack-18")
async def test_files_broadcasts_and_me_messages_are_words(wire: Wire) -> None:
    customer = wire.slack.user("UCUST")
    async with wire.up():
        first = await customer.says("最初", "support")
        await customer.replies(first, "みなさんにも", broadcast=True)
        await customer.says("は怒っている", "support", me=True)
        await customer.uploads("shot.png", b"png", "support", "見てください")
        assert wire.speakers() == ["customer"] * 4
        assert wire.house.one("SELECT count(*) FROM messages WHERE thread <> ''") == 1


@pytest.mark.rule("slack-17", "slack-18")
async def test_edits_and_deletions_are_kept_and_previews_change_nothing(wire: Wire) -> None:
    customer = wire.slack.user("UCUST")
    async with wire.up():
        said = await customer.says("見て https://example.com/", "support")
        await wire.slack.unfurls(said)
        assert wire.stored() == 1
        await customer.edits(said, "見ろ https://example.com/")
        assert wire.stored() == 2 and wire.counted() == 1
        await customer.deletes(said)
        thread = await customer.says("スレッドの頭", "support")
        await customer.replies(thread, "返信")
        await customer.deletes(thread)
        assert wire.house.one("SELECT count(DISTINCT message_id) FROM messages WHERE deleted_at IS NOT NULL") == 2


@pytest.mark.rule("slack-24")
async def test_guests_strangers_and_shared_channels_are_customers_and_colleagues_nobody(wire: Wire) -> None:
    slack = wire.slack
    slack.workspace.add(User("UNEW", "新人"), User("UGRID", "Grid", team_id="TOTHER"))
    slack.channel("support").members += ["UNEW", "UGRID"]
    async with wire.up():
        for who in ("UCUST", "UCUST2", "UGUEST", "UGUEST1", "UGRID", "UNEW", "UAGENT", "URELAY", "UCLASSIC"):
            await slack.user(who).says("同じ文です", "support")
        assert wire.speakers() == ["customer"] * 5 + ["colleague", "staff", "bot", "bot"]
        shown = await wire.house.intake.ask(CustomersAsked())
        assert isinstance(shown, CustomersShown)
        contacts = {contact for customer in shown.customers for contact in customer.contacts}
        assert contacts == {
            "slack:TCUST:UCUST", "slack:TCUST:UCUST2", "slack:TOWN:UGUEST", "slack:TOWN:UGUEST1", "slack:TOTHER:UGRID",
        }  # fmt: skip
        assert (
            wire.house.one("SELECT count(*) FROM messages WHERE speaker IN ('colleague', 'bot') AND body IS NOT NULL")
            == 0
        )


async def test_an_app_may_write_for_a_person(wire: Wire) -> None:
    async with wire.up():
        await brings(wire, bot_id="B0TOOL", app_id="A0TOOL")
        await brings(wire, bot_id="B0RELAY", user="URELAY")
        assert wire.speakers() == ["customer", "bot"]


@pytest.mark.rule("slack-13")
async def test_the_bot_does_not_listen_to_itself(wire: Wire) -> None:
    async with wire.up():
        wire.slack.user("UAGENT").tells_bot("いますぐ")
        await wire.slack.until(lambda: wire.slack.cards("alert"))
        await wire.slack.settled()
        me = {"user": wire.slack.app.bot_user, "bot_id": wire.slack.app.bot_id}
        for event in (me, {"subtype": "bot_message", "user": None, "bot_id": wire.slack.app.bot_id}):
            assert (await brings(wire, **event)).acked
        await brings(
            wire, subtype="message_changed", message=me | {"ts": "1.1", "text": "b"}, previous_message={"text": "a"}
        )
        assert wire.stored() == 0


async def test_direct_and_group_conversations(wire: Wire) -> None:
    slack = wire.slack
    group = slack.workspace.direct("UAGENT", "UGUEST")
    assert group.room is Room.MPIM
    async with wire.up():
        await slack.user("UGUEST").says("三人の部屋で", group.id)
        assert wire.speakers() == ["customer"]
        assert wire.house.one("SELECT count(*) FROM messages WHERE direct") == 1
        typed = await slack.user("UGUEST").tells_bot("状況")
        await slack.user("UGUEST").edits(typed, "いますぐ")
        await slack.user("UGUEST").deletes(typed)
        assert wire.stored() == 1 and wire.company.pings() == [], "commands are no messages"


async def test_somebody_unknown_is_kept_and_counted_once_slack_says_who_it_is(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "REST", 0.2)
    slack, broken = wire.slack, (faults.down(500), faults.refused("fatal_error"), faults.cut(), faults.busy(1))
    slack.faults.on("users.info", *broken, times=1000)
    async with wire.up():
        for number in range(4):
            said = await slack.user("UCUST").says("返事しろ。いつまで待たせるんだ", "support")
            assert said.acked and len(said.attempts) == 1, number
        await slack.user("URELAY").says("機械です", "support")
        await slack.user("UAGENT").says("お待ちください", "support")
        assert wire.speakers() == ["unattributed"] * 5 + ["staff"]
        slack.faults.clear()
        await slack.until(lambda: wire.speakers() == ["customer"] * 4 + ["bot", "staff"])
        assert (await wire.house.only()).detection.count == 4
        settled = "SELECT count(*) FROM audit WHERE action = 'author.settled'"
        await slack.until(lambda: wire.house.one(settled) == 3)
        await asyncio.sleep(0.3)
        assert wire.house.one(settled) == 3, "each author once"


async def test_a_slow_users_info_does_not_hold_an_event_up(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PATIENCE", 0.1)
    wire.slack.faults.on("users.info", faults.slow(0.5), times=1)
    async with wire.up():
        said = [wire.slack.user("UCUST").says(f"{n}", "support") for n in range(30)]
        await wire.slack.settled()
        assert all(one.acked and one.attempts[0].took < 0.4 for one in said)
        assert len(wire.slack.record.of("users.info")) == 1, "asked once for all of them"
        await wire.slack.until(lambda: wire.speakers() == ["customer"] * 30)


@pytest.mark.rule("slack-25")
async def test_a_mail_to_the_channel_is_its_senders_word(wire: Wire) -> None:
    slack = wire.slack
    async with wire.up():
        for _ in range(3):
            await slack.mails(
                "support", "hanako@customer.test", "早く返金しろ。何度言わせるんだ", name="花子", partial=True
            )
        assert wire.speakers() == ["customer"] * 3 and len(slack.record.of("files.info")) == 3
        assert (await wire.house.only()).detection.count == 3
        mail = slack.workspace.files[next(iter(slack.workspace.files))]
        await slack.user("UAGENT").forwards_mail(mail, "support", "お客様からです")
        assert wire.speakers() == ["customer"] * 3 + ["staff"]
        await brings(wire, subtype="message_deleted", deleted_ts=next(iter(slack.channel("support").messages)),
                     previous_message={"user": "USLACKBOT", "files": [mail]})  # fmt: skip
        assert wire.house.one("SELECT count(*) FROM messages WHERE deleted_at IS NOT NULL") == 1


@pytest.mark.rule("slack-25")
async def test_a_mail_whose_body_cannot_be_had_is_kept_and_completed(wire: Wire) -> None:
    slack = wire.slack
    slack.courier.patience = 0.3
    async with wire.up():
        await slack.mails("support", "hanako@customer.test", "一通目の本文", "件名")
        slack.faults.on("files.info", faults.down(500), faults.refused("file_not_found"), faults.busy(1))
        said = await slack.mails("support", "hanako@customer.test", "二通目の本文", "件名", partial=True)
        assert said.acked and wire.stored() == 2
        await slack.until(lambda: wire.stored() == 3)
        edits = wire.house.one(f"SELECT count(*) FROM messages WHERE edit = '{inbound.MORE}'")
        assert edits == 1 and wire.counted() == 2
        # Not even the sender: it comes again.
        slack.courier.retries = (100.0,)
        slack.faults.on("files.info", faults.down(500))
        file = {"id": next(reversed(slack.workspace.files)), "mode": "email", "filetype": "email"}
        thin = await brings(wire, user="USLACKBOT", subtype="file_share", text="", files=[file])
        assert thin.acked and len(thin.attempts) == 2 and wire.counted() == 3


async def test_everybody_in_a_shared_private_channel(wire: Wire) -> None:
    wire.slack.workspace.add(
        Channel("GPRIV", "vip", Room.PRIVATE, [wire.slack.app.bot_user, "UAGENT", "UCUST"], shared_with=["TCUST"])
    )
    async with wire.up():
        await wire.slack.user("UCUST").says("非公開の部屋です", "vip")
        await asyncio.gather(*(brings(wire, channel="GPRIV", channel_type="group", text=f"{n}") for n in range(3)))
        assert wire.counted() == 4
