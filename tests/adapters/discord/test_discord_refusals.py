"""What Discord answers when it does not take a post, and that nothing is lost or doubled: also through the Courier."""

import time as machine
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import test_wording as told
from company import Company
from discord_chatting import AGAIN, ALERT, LEADS, ONE, OPENED, TWO, Chatting, chatting
from discord_town import LocalDiscord, May, faults, limits, town
from discord_wire import account, discord_team
from harness import Harness, opened, sqlite_url

from adapters.chat import Pace
from adapters.chat.calls import PATIENCE
from adapters.discord import outbound
from adapters.discord.calls import NEVER, PLACES
from adapters.discord.marks import mark
from adapters.wording.posted import LOST
from bot.delivery import Courier, Courtesy
from bot.domain.events import EscalationsDue, ReportFiled
from bot.domain.model import Destination, MessageRef, PingState, Priority
from bot.domain.notices import IncidentNoted, Post

# What Discord answers


@pytest.mark.rule("discord-16")
@pytest.mark.parametrize("code", sorted(NEVER))
async def test_what_never_works_is_permanent_and_not_asked_again(talk: Chatting, code: int) -> None:
    status = 403 if 50000 < code < 50030 else 400 if code in (50035, 50006, 40005) else 404
    talk.discord.faults.on("create_message", faults.refused(status, code))
    failed = await talk.fails(talk.chat.post(talk.letter()))
    assert failed.permanent and not failed.doubtful and failed.reason == NEVER[code] and failed.reason in LOST
    calls = len(talk.discord.record.of("create_message"))
    if failed.reason in PLACES:
        for number in range(30):
            again = await talk.fails(talk.chat.post(talk.letter(key=f"ping:8:{number}")))
            assert again.permanent and again.reason == failed.reason
        assert len(talk.discord.record.of("create_message")) == calls, "remembered, not hammered"
    else:
        await talk.chat.post(talk.letter(key="ping:8:0"))


@pytest.mark.rule("discord-22")
async def test_a_forbidden_channel_is_not_hammered_through_the_courier(talk: Chatting) -> None:
    talk.discord.shuts_out_bot("alert", May.SEND_MESSAGES)
    for number in range(50):
        failed = await talk.fails(talk.chat.post(talk.letter(key=f"ping:{number}:0")))
        assert failed.permanent and failed.reason == "forbidden"
    assert len(talk.discord.record.of("create_message")) == 1


@pytest.mark.rule("discord-22")
async def test_a_long_wait_is_the_couriers_and_of_that_channel_alone(talk: Chatting) -> None:
    talk.discord.faults.on("create_message", faults.busy(45))
    failed = await talk.fails(talk.chat.post(talk.letter()))
    assert (failed.reason, failed.retry_after, failed.doubtful) == ("busy", 45.0, False)
    failed = await talk.fails(talk.chat.post(talk.letter(key="ping:8:0")))
    assert 40 < (failed.retry_after or 0) <= 45 and len(talk.discord.record.of("create_message")) == 1
    await talk.chat.post(talk.letter(key="ping:9:0", to=Destination(LEADS)))
    assert talk.marks("leads") == [mark("ping:9:0")]


@pytest.mark.rule("discord-22")
async def test_a_refused_token_or_a_ban_silences_everything(talk: Chatting) -> None:
    await talk.chat.post(talk.letter(key="ping:1:0"))
    for fault in (faults.refused(401, 0), faults.banned()):
        talk.discord.faults.on("create_message", fault)
        failed = await talk.fails(talk.chat.post(talk.letter()))
        assert not failed.permanent and not failed.doubtful and (failed.retry_after or 0) >= 59
        before = len(talk.discord.record.calls)
        for number in range(20):
            assert not (await talk.fails(talk.chat.post(talk.letter(key=f"ping:9:{number}")))).permanent
        assert len(talk.discord.record.calls) == before, "not one more request"
        talk.voice._calls._barred = 0.0


@pytest.mark.parametrize("fault", [faults.down(503), faults.reset(carried_out=False), faults.reset(), faults.lost(503)])
async def test_a_broken_answer_leaves_a_doubt(talk: Chatting, fault: faults.Fault) -> None:
    talk.discord.faults.on("create_message", fault)
    failed = await talk.fails(talk.chat.post(talk.letter()))
    assert (failed.permanent, failed.retry_after, failed.doubtful) == (False, None, True)
    found = await talk.chat.find(talk.letter(doubtful=True))
    assert (found is not None) is fault.carried_out


@pytest.mark.rule("discord-15")
async def test_a_repeated_send_stays_single_though_history_cannot_be_read(talk: Chatting) -> None:
    """discord.py repeats after 502 by itself; we after a reset; both with the nonce of the post."""
    for number, fault in enumerate((faults.lost(503), faults.reset())):
        letter = talk.letter(OPENED, key=f"ping:{number}:0")
        talk.discord.faults.on("create_message", fault)
        await talk.fails(talk.chat.post(letter))
        talk.discord.faults.on("get_channel_messages", faults.down(503))
        await talk.chat.post(replace(letter, doubtful=True, attempt=2))
    assert talk.marks() == [mark("ping:0:0"), mark("ping:1:0")]


async def test_who_takes_no_direct_messages_has_the_mention_in_the_channel(talk: Chatting) -> None:
    talk.discord.world.user("ken").closed = True
    await talk.chat.post(talk.letter(OPENED, ONE))
    assert talk.discord.posts("alert")[0].pings == {"@4012"} and not talk.discord.posts(talk.discord.direct("ken"))
    failed = await talk.fails(talk.chat.post(talk.letter(to=Destination("", (ONE,)))))
    assert (failed.reason, failed.permanent) == ("closed", True)


async def test_who_left_the_server_is_left_at_once(talk: Chatting) -> None:
    talk.discord.leaves("ken")
    failed = await talk.fails(talk.chat.post(talk.letter(to=Destination("", (ONE,)))))
    assert (failed.reason, failed.permanent) == ("deactivated", True)
    failed = await talk.fails(talk.chat.post(talk.letter(to=Destination("", ("discord:1000:group:2001",)))))
    assert failed.permanent


async def test_who_left_the_server_is_named_as_unheard(talk: Chatting) -> None:
    talk.discord.leaves("ken")
    letter = talk.letter(OPENED, ONE, TWO)
    assert await talk.chat.unheard(letter, MessageRef(ALERT, "1")) == (ONE,)
    talk.people.forget("1000", "4012")
    talk.discord.faults.on("get_guild_member", faults.down(503))
    assert await talk.chat.unheard(letter, MessageRef(ALERT, "1")) == (), "who cannot be asked about counts as reached"


async def test_a_deleted_channel_is_left_at_once(talk: Chatting) -> None:
    talk.discord.deletes_channel("alert")
    failed = await talk.fails(talk.chat.post(talk.letter()))
    assert (failed.reason, failed.permanent) == ("archived", True)


# Through the real Courier


@dataclass
class House:
    """A house whose Courier brings everything to a local Discord."""

    house: Harness
    company: Company
    talk: Chatting

    def courier(self) -> Courier:
        rules = Courtesy(first_wait=timedelta(0), longest_wait=timedelta(0), shortest_sleep=0.0, timeout=1.0)
        intake = self.house.intake
        return Courier(intake.write, {"discord": self.talk.chat}, self.house.clock, intake.submit, rules)

    async def all_gone(self, courier: Courier) -> None:
        for _ in range(400):
            if not self.company.posts():
                return
            await courier.run_once()
            self.house.clock.advance(seconds=0.01)
        raise AssertionError(self.company.posts())


async def sends_with_lost_answers(folder: Path, count: int) -> None:
    """0 lost, 0 double, whatever became of the answers; after a doubt the message is looked for."""
    async with LocalDiscord(town()) as discord, chatting(discord) as talk, opened(sqlite_url(folder)) as house:
        discord.clock.ahead = house.clock.now.timestamp() - machine.time()
        here = House(house, await Company(house).opens(discord_team(alert_channel=ALERT)), talk)
        now, random = house.clock.now, Random(count)

        def puts(uow: Any) -> None:
            for number in range(count):
                post = Post(
                    key=f"incident:{number}", lane=f"customer:{number % 9}", priority=Priority.NORMAL,
                    to=Destination(random.choice((ALERT, LEADS))), notice=IncidentNoted(told.THREAT, other_team=True),
                )  # fmt: skip
                uow.outbox.put(post, now, "ja")

        await house.intake.write(puts)
        kinds = (faults.lost(503), faults.reset(), faults.reset(carried_out=False), faults.down(503), faults.busy(0.01))
        discord.faults.rolled(7, "create_message", *kinds, worse=0.4)
        await here.all_gone(here.courier())
        found = Counter(talk.marks("alert") + talk.marks("leads"))
        assert found == Counter(mark(f"incident:{number}") for number in range(count))
        assert not any(AGAIN in message.words for message in discord.posts())


@pytest.mark.soak
@pytest.mark.rule("discord-22")
async def test_a_busy_channel_never_makes_discord_say_no(tmp_path: Path) -> None:
    """With the figures seen on the live service and our own pace: in order, each once, not one 429."""
    async with LocalDiscord(town()) as discord, chatting(discord) as talk, opened(sqlite_url(tmp_path)) as house:
        discord.clock.ahead = house.clock.now.timestamp() - machine.time()
        discord.limits.rates |= limits.real()
        talk.chat._pace = Pace(outbound.GAP, burst=outbound.BURST, patience=PATIENCE)
        here = House(house, await Company(house).opens(discord_team(alert_channel=ALERT)), talk)

        def puts(uow: Any) -> None:
            for number in range(14):
                post = Post(
                    key=f"incident:{number}", lane="customer:1", priority=Priority.NORMAL, to=Destination(ALERT),
                    notice=IncidentNoted(told.THREAT, other_team=True),
                )  # fmt: skip
                uow.outbox.put(post, house.clock.now, "ja")

        await house.intake.write(puts)
        await here.all_gone(here.courier())
        assert talk.marks() == [mark(f"incident:{number}") for number in range(14)]
        assert not [call for call in discord.record.calls if call.limited]


@pytest.mark.rule("discord-15")
async def test_lost_answers_lose_and_double_nothing(tmp_path: Path) -> None:
    await sends_with_lost_answers(tmp_path, 20)


@pytest.mark.soak
@pytest.mark.rule("discord-15")
async def test_two_hundred_lost_answers_lose_and_double_nothing(tmp_path: Path) -> None:
    await sends_with_lost_answers(tmp_path, 200)


async def test_a_closed_direct_channel_brings_the_next_person(tmp_path: Path) -> None:
    """Without a channel for pings: whoever cannot be written to is passed over, and somebody comes."""
    async with LocalDiscord(town()) as discord, chatting(discord) as talk, opened(sqlite_url(tmp_path)) as house:
        discord.clock.ahead = house.clock.now.timestamp() - machine.time()
        company = await Company(house).opens(discord_team(alert_channel="", leads_channel=""))
        courier = House(house, company, talk).courier()
        for name in ("ken", "yui"):
            discord.world.user(name).closed = True
        await house.submit(ReportFiled(actor=account(4011), text="怒鳴られた"))
        for _ in range(8):
            await courier.run_once()
            house.clock.advance(minutes=2)
            await house.submit(EscalationsDue())
        assert company.ping().state is not PingState.RESOLVED
        assert any(message.embeds for message in discord.posts(discord.direct("mori"))), "the lead is called"
