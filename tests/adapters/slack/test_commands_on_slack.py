"""Commands on Slack: language, zone, outsiders and a slow house."""

import asyncio
import threading
from typing import Any

import pytest
from company import team
from conftest import ALERT, LEADS, ON_SOCKETS, SUPPORT, Town
from screens import keys_of, words_of
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.telling import Telling
from adapters.wording import Card, Section, Tone
from bot.domain.events import TeamsApplied
from bot.domain.model import Role, Staff

REPORTS = "SELECT count(*) FROM reports"


def writer_held(here: Town) -> threading.Event:
    """The writer thread waits until this is set: nothing that comes after has begun."""
    go, begun = threading.Event(), threading.Event()

    def wait(_: object) -> None:
        begun.set()
        go.wait(8)

    future = here.house.intake.write(wait)
    future.add_done_callback(lambda done: done.exception())
    assert begun.wait(2)
    return go


async def timed(act: Any) -> tuple[Any, float]:
    loop = asyncio.get_running_loop()
    before = loop.time()
    return await act, loop.time() - before


@pytest.mark.rule("slack-20")
@ON_SOCKETS
async def test_everybody_is_answered_in_their_own_language_and_zone(here: Town) -> None:
    ja, en = here.slack.user("UAGENT"), here.slack.user("UAGENT2")
    await ja.types("/kasuhara", "状況", "random")
    await en.types("/kasuhara", "status", "random")
    assert "今の状況" in words_of(ja.private("random")[-1]) and "Status:" in words_of(en.private("random")[-1])
    await en.types("/kasuhara", "report They shouted when:00:30 & <left>", "random")
    report = here.company.report(1)
    assert (report.occurred_at.hour, report.occurred_at.minute) == (0, 30), "half past midnight in London"
    assert report.text == "They shouted & <left>"


@pytest.mark.rule("slack-24")
@ON_SOCKETS
async def test_outsiders_get_one_neutral_sentence(here: Town) -> None:
    words = (
        "",
        "報告",
        "報告 無能",
        "いますぐ",
        "状況",
        "つぎ",
        "当番",
        "まとめ",
        "対応 1",
        "判定 1 確定 x",
        "ヘルプ",
        "方針",
    )
    said = set()
    for outsider in ("UCUST", "UCUST2", "UGUEST", "UGUEST1"):
        person = here.slack.user(outsider)
        for word in words:
            await person.types("/kasuhara", word, "support")
        said |= {words_of(message) for message in person.private("support")}
        person.tells_bot("いますぐ")
        await here.slack.until(lambda id=outsider: here.slack.posts(here.slack.direct(id).id))
        said |= {words_of(message) for message in here.slack.posts(here.slack.direct(outsider).id)}
    assert said == {"このコマンドは、サポート担当の方のためのものです。"}
    assert here.house.one(REPORTS) == 0 and not here.slack.views.opened and not here.slack.troubles


@ON_SOCKETS
async def test_a_guest_whom_a_team_lists_by_mistake_is_an_outsider_still(here: Town) -> None:
    listed = team(channels=(SUPPORT,), alert=ALERT, leads=LEADS)
    wrong = (*listed.staff, Staff("slack:TOWN:UGUEST", "Guest", (Role.SUPERVISOR,)))
    changed = type(listed)(**{f: getattr(listed, f) for f in listed.__dataclass_fields__} | {"staff": wrong})
    await here.house.submit(TeamsApplied(teams=(changed,), source="story", actor="cli:test"))
    guest = here.slack.user("UGUEST")
    await guest.types("/kasuhara", "いますぐ", "support")
    await guest.opens_shortcut("report")
    assert here.house.one(REPORTS) == 0 and not here.slack.views.opened


@pytest.mark.rule("slack-1")
async def test_a_held_writer_withdraws_and_the_person_knows_within_three_seconds(here: Town) -> None:
    agent = here.slack.user("UAGENT")
    await agent.types("/kasuhara", "報告", "random")
    await here.slack.until(lambda: "text" in keys_of(agent.modal))
    go = writer_held(here)
    (_, command), (_, form) = await asyncio.gather(
        timed(agent.types("/kasuhara", "報告 殴ると言われた", "random")), timed(agent.submits({"text": "怒鳴られた"}))
    )
    assert command < 3 and form < 3
    assert "もう一度" in words_of(agent.private("random")[-1])
    assert "もう一度" in agent.modal.errors["text"] and agent.modal.values["text"]["text"]["value"] == "怒鳴られた"
    go.set()
    await asyncio.sleep(0.1)
    assert here.house.one(REPORTS) == 0, "what was called not saved is not saved"
    await agent.submits()
    assert here.house.one(REPORTS) == 1 and not here.slack.troubles


@ON_SOCKETS
async def test_a_long_answer_arrives_whole_where_the_person_is(here: Town) -> None:
    lines = tuple(f"{number:03}: {'長い説明。' * 60}" for number in range(100))
    card, telling = Card("長い", Tone.CALM, (Section(lines=lines),)), Telling(client := AsyncWebClient(
        token=here.slack.app.bot_token, base_url=here.slack.api_url
    ))  # fmt: skip
    await telling.whisper("UAGENT", "CRANDOM", card)
    seen = "".join(words_of(message) for message in here.slack.user("UAGENT").private("random"))
    assert all(line in seen for line in lines)
    await telling.whisper("UAGENT", "GSECRET", card, skip=1)
    direct = "".join(words_of(message) for message in here.slack.posts(here.slack.direct("UAGENT").id))
    assert lines[-1] in direct and lines[0] not in direct and client.token
