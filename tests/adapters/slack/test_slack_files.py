"""What customers share on Slack is kept as bytes; the bot's token goes to Slack's own host and nowhere else."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yarl
from aiohttp import web
from slack import Plan, faults
from wire import Wire, wired

from adapters.chat import keeper
from adapters.slack.shares import Shares
from bot.domain.model import FileState, KeptFile

SHOT = b"\x89PNG\r\n" + bytes(range(256)) * 40


@pytest.fixture
async def wire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    """Tries follow each other at once."""
    monkeypatch.setattr(keeper, "WAITS", (0.05, 0.05))
    async with wired("socket", tmp_path) as made:
        yield made


def files(wire: Wire) -> list[KeptFile]:
    with wire.house.database.read() as uow:
        return uow.files.of(range(1, 50))


async def settles(wire: Wire, *states: str) -> None:
    def settled() -> bool:
        found = files(wire)
        return len(found) == len(states) and all(one.state is not FileState.WANTED for one in found)

    await wire.slack.until(settled)
    assert [one.state.value for one in files(wire)] == list(states)


async def test_a_shared_file_is_kept_as_bytes(wire: Wire) -> None:
    async with wire.up():
        await wire.slack.user("UAGENT").uploads("manual.pdf", b"ours", "support")
        await wire.slack.user("UCUST").uploads("証拠.png", SHOT, "support", "見てください")
        await settles(wire, "kept")
    (kept,) = files(wire)
    assert (kept.name, kept.media, kept.size) == ("証拠.png", "image/png", len(SHOT))
    with wire.house.database.read() as uow:
        assert uow.files.data(kept.id) == SHOT


async def test_what_was_shared_while_nobody_listened_is_kept_too(wire: Wire) -> None:
    wire.slack.courier.plan = lambda _: Plan(lost=True)
    async with wire.up():
        await wire.slack.user("UCUST").says("はじめに", "support")
    wire.slack.user("UCUST").uploads("shot.png", SHOT, "support")
    wire.slack.courier.plan = lambda _: Plan()
    async with wire.up(catches_up=True):
        await settles(wire, "kept")


async def test_too_large_is_noted_and_not_fetched(wire: Wire) -> None:
    async with wire.up():
        await wire.slack.user("UCUST").uploads("film.mp4", bytes(10 * 2**20 + 1), "support")
        await settles(wire, "too_large")
    assert not wire.slack.record.of("files.info")


async def test_a_deleted_file_is_gone_and_a_moment_of_trouble_is_waited_for(wire: Wire) -> None:
    wire.slack.faults.on("files.info", faults.refused("file_deleted"), faults.refused("internal_error"))
    async with wire.up():
        await wire.slack.user("UCUST").uploads("a.png", SHOT, "support")
        await settles(wire, "gone")
        await wire.slack.user("UCUST").uploads("b.png", SHOT, "support")
        await settles(wire, "gone", "kept")


async def test_the_token_follows_no_redirect_and_no_foreign_address(wire: Wire) -> None:
    """Without the right to files Slack leads to its page for logging in; a file from elsewhere lies elsewhere."""
    heard: list[str] = []

    async def hear(request: web.Request) -> web.Response:
        heard.append(request.headers.get("Authorization", ""))
        return web.Response(body=SHOT)

    door = web.Application()
    door.router.add_get("/{rest:.*}", hear)
    runner = web.AppRunner(door)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    elsewhere = f"http://127.0.0.1:{runner.addresses[0][1]}/film"
    async with wire.up():
        customer = wire.slack.user("UCUST")
        wire.slack.faults.on("files.info", faults.slow(0.2))
        customer.uploads("foreign.png", SHOT, "support")
        for file in wire.slack.workspace.files.values():
            file["url_private_download"] = file["url_private"] = elsewhere
        await settles(wire, "refused")
        customer.uploads("lost.png", SHOT, "support")
        wire.slack.files.bodies.clear()  # answered with a way to log in
        await settles(wire, "refused", "refused")
    await runner.cleanup()
    assert heard == []


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://files.slack.com/files-pri/T1-F1/download/a.png", True),
        ("http://files.slack.com/a", False),
        ("https://files.slack.com.evil.example/a", False),
        ("https://files.slack.com@evil.example/a", False),
        ("https://slack.com/api/a", False),
        ("http://127.0.0.1/a", False),
        ("", False),
    ],
)
def test_only_slacks_own_host_is_asked(address: str, good: bool) -> None:
    shares = object.__new__(Shares)
    shares._here = yarl.URL("https://slack.com/api/")
    assert shares._trusted(yarl.URL(address, encoded=True)) is good
