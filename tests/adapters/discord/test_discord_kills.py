"""Discord with the bot as its own process: killed with -9 around a ping, and both main stories over the wire alone."""

import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from discord_outside import LEASE, Outside, outside
from discord_town import faults
from discord_town.message import Message

from adapters.discord.gateway import SPACED

WHAT = ("請求書", "在庫表", "予約台帳", "会員証", "見積書", "勤怠表", "検査結果", "納品書", "診察券", "座席表")
WRONG = ("が開かずに困る", "が二重に出てくる", "の合計が合わない", "が文字化けして読めない", "を昔の形に戻せ")
"""Different matters: many customers with the same one would be an outage of ours."""
FEW: Final = 15
"""Lives in quick succession; more would wait, so that a loop of crashes does not spend a day's sessions."""
BEFORE, AFTER = "between commit and post", "between post and mark"


@dataclass
class Hunter:
    """Kills the bot at the moment when its ping reaches Discord: before it is carried out, or before it is answered."""

    here: Outside
    pid: int = 0
    """0: nobody is hunted."""
    struck: int = 0

    def __call__(self, arguments: dict[str, Any]) -> bool:
        if not self.pid or "3004" not in str(arguments.get("channel_id", arguments)):
            return False
        self.here.kills(self.pid)
        self.pid, self.struck = 0, self.struck + 1
        return True


def pings(here: Outside) -> list[Message]:
    return [one for one in here.discord.cards("alert") if one.pings]


def button(message: Message, action: str) -> bool:
    return f"'{action}:" in str(message.components)


async def dealt_with(here: Outside, count: int) -> None:
    """The ping that the life before left behind is there once; its old buttons work in this one."""
    await here.discord.until(lambda: len(pings(here)) == count, 30)
    alert = pings(here)[-1]
    for action in ("ack", "resolve"):
        await here.discord.until(lambda action=action: button(alert, action))
        number = str(alert.components).partition(f"'{action}:ping:")[2].partition("'")[0]
        await here.discord.user("ken").presses(f"{action}:ping:{number}", alert).settled()
    await here.discord.until(lambda: not button(alert, "resolve"))


async def killed(folder: Path, moments: list[str]) -> None:
    """A life for each moment, killed at its customer's ping."""
    async with outside(folder) as here:
        discord, hunter = here.discord, Hunter(here)
        strikes = (faults.reset(carried_out=when == AFTER) for when in moments)
        discord.faults.on("create_message", *strikes, when=hunter)
        for number in range(len(moments)):
            customer = discord.user(discord.joins(f"kyaku{number}", f"客 {number}").id)
            pid = await here.born()
            if number:
                await dealt_with(here, number)
            hunter.pid = pid
            for _ in range(3):
                customer.says(f"{WHAT[number // 5 % 10]}{WRONG[number % 5]}")
            assert await here.dead(pid) == -9
            here.passes(LEASE if number < FEW else SPACED)
        pid = await here.born()
        await dealt_with(here, len(moments))
        here.kills(pid, signal.SIGTERM)
        assert await here.dead(pid) == 0
        assert (hunter.struck, len(pings(here))) == (len(moments), len(moments)), "one ping each time"
    sys.stdout.write(f"\nkill -9 on Discord {sorted(set(moments))}: kills={hunter.struck} pings={len(moments)}\n")


@pytest.mark.rule("discord-15", "discord-27")
async def test_killed_at_a_ping_it_stands_once_and_its_buttons_work(tmp_path: Path) -> None:
    await killed(tmp_path, [BEFORE, AFTER])


@pytest.mark.soak
@pytest.mark.parametrize("when", [BEFORE, AFTER])
async def test_killed_fifty_times_at_a_ping(tmp_path: Path, when: str) -> None:
    await killed(tmp_path, [when] * 50)


async def resolved(here: Outside) -> None:
    """Ken takes what is open, and ends it."""
    while open_ones := [one for one in here.discord.cards("alert") if button(one, "ack") or button(one, "resolve")]:
        action = "ack" if button(open_ones[-1], "ack") else "resolve"
        number = str(open_ones[-1].components).partition(f"'{action}:ping:")[2].partition("'")[0]
        await here.discord.user("ken").presses(f"{action}:ping:{number}", open_ones[-1]).settled()
        await here.discord.until(lambda one=open_ones[-1], action=action: not button(one, action))


@pytest.mark.soak
async def test_both_main_stories_with_the_bot_as_its_own_process(tmp_path: Path) -> None:
    """Repeats ping, nobody answers, the next is called, takes it and ends it; then a report by form, by command and by
    one word to the bot; a customer calls nobody; the week's digest."""
    async with outside(tmp_path) as here:
        discord = here.discord
        pid, customer, hana = await here.born(), discord.user("tanaka"), discord.user("hana")
        for _ in range(5):
            customer.says("返事しろ。いつまで待たせるんだ")
            here.passes(20)
        await discord.until(lambda: len(pings(here)) == 1)
        assert discord.mentions(pings(here)[0]) == {"@4012"}
        here.passes(301)
        await discord.until(lambda: any(discord.mentions(one) == {"@4013"} for one in pings(here)))
        second = next(one for one in pings(here) if discord.mentions(one) == {"@4013"})
        taken = await discord.user("yui").presses("ack:ping:1", second).settled()
        assert taken.ephemeral and "引き受けました" in taken.words
        await discord.until(lambda: all("結衣" in one.words and not button(one, "ack") for one in pings(here)))
        await resolved(here)
        for number, report in enumerate((form, command, word), start=len(discord.cards("alert")) + 1):
            await report(here)
            await discord.until(lambda number=number: len(discord.cards("alert")) == number)
            await resolved(here)
        before = len(discord.cards("alert"))
        customer.tells_bot("いますぐ")
        await discord.until(lambda: any(one.embeds for one in customer.direct()))
        assert len(discord.cards("alert")) == before and hana.direct()
        here.passes(7 * 86_400.0)
        await discord.until(lambda: discord.cards("leads"), 30)
        here.kills(pid, signal.SIGTERM)
        assert await here.dead(pid) == 0
        assert not discord.posts("support") and not discord.record.refusals and not discord.troubles


async def form(here: Outside) -> None:
    said = here.discord.user("tanaka").says("無能が。@everyone 殴ってやる")
    hana = here.discord.user("hana")
    await hana.uses_on_message("カスハラ報告", said)
    assert (await hana.submits({"text": "電話口でも言われた"}).settled()).words


async def command(here: Outside) -> None:
    told = await here.discord.user("hana").types("/kasuhara report", {"text": "無能と言われた"}, "random").settled()
    assert told.ephemeral


async def word(here: Outside) -> None:
    here.discord.user("hana").tells_bot("now 怒鳴られている")
