"""The door of the playground: this machine's own page and nobody else; what is dropped on it is read and forgotten."""

import json
import zipfile
from importlib import resources
from pathlib import Path

import pytest
from aiohttp import ClientSession, FormData, WSServerHandshakeError
from visiting import Page, Town, visited

from adapters.cli import main
from adapters.playground import hall, server
from adapters.playground.server import Address
from bot.domain.errors import Refused

SAMPLE = resources.files("adapters").joinpath("samples", "slack")


def packed(folder: Path) -> Path:
    file = folder / "export.zip"
    with zipfile.ZipFile(file, "w") as archive, resources.as_file(SAMPLE) as sample:
        for path in sorted(sample.rglob("*.json")):
            archive.write(path, path.relative_to(sample))
    return file


async def dropped(town: Town, content: bytes, name: str, **headers: str) -> tuple[int, dict[str, str]]:
    form = FormData()
    form.add_field("export", content, filename=name)
    sent = {"Origin": town.url, "X-Kasuhara": "1", **headers}
    async with town.http.post(f"{town.url}/replay", data=form, headers=sent) as answer:
        told = await answer.text()
        return answer.status, json.loads(told) if told.startswith("{") else {}


async def test_the_page_and_its_files_come_with_a_strict_policy() -> None:
    async with visited() as town:
        for path in ("/", "/page/app.js", "/page/style.css"):
            async with town.http.get(town.url + path) as answer:
                assert answer.status == 200
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'self'" in policy and "unsafe" not in policy and "http" not in policy
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
        for path in ("/page/none.js", "/page/..%2fserver.py", "/page/%2e%2e/server.py", "/chart/x.png", "/etc"):
            async with town.http.get(town.url + path) as answer:
                assert answer.status == 404, path


STRANGE: tuple[dict[str, str], ...] = (
    {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}, {"Host": "evil.example:8765"},
    {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://127.0.0.1"}, {"Host": "127.0.0.1.evil.example"},
)  # fmt: skip


async def test_other_sites_and_bent_names_are_refused() -> None:
    async with visited() as town:
        for headers in STRANGE:
            for path in ("/", "/live", "/page/app.js"):
                async with town.http.get(town.url + path, headers=headers) as answer:
                    assert answer.status == 403, (headers, path)
            with pytest.raises(WSServerHandshakeError, match="403"):
                await town.http.ws_connect(f"{town.url}/live", headers={"Origin": town.url, **headers})
            assert (await dropped(town, b"{}", "a.json", **headers))[0] == 403


async def test_a_line_or_an_upload_says_where_it_comes_from() -> None:
    async with visited() as town:
        with pytest.raises(WSServerHandshakeError, match="403"):
            await town.http.ws_connect(f"{town.url}/live")
        assert (await dropped(town, b"{}", "a.json", **{"X-Kasuhara": "0"}))[0] == 403


async def test_another_address_needs_a_token() -> None:
    with pytest.raises(Refused, match=r"playground\.token"):
        async with visited(playground_host="0.0.0.0"):
            raise AssertionError("it must not open")
    assert Address("::1").local and Address("localhost").local and not Address("192.0.2.7").local
    assert not Address("localhost.evil.example").local
    async with visited(playground_token="long-secret") as town:
        for given in ("", "?token=wrong"):
            async with town.http.get(f"{town.url}/{given}") as answer:
                assert answer.status == 401
        async with town.http.get(f"{town.url}/?token=long-secret") as answer:
            assert answer.status == 200
        with pytest.raises(WSServerHandshakeError, match="401"):
            async with ClientSession() as stranger:
                await stranger.ws_connect(f"{town.url}/live", headers={"Origin": town.url})
        from http.cookies import SimpleCookie

        kept = SimpleCookie({server.COOKIE: "long-secret"})
        headers = {"Origin": town.url, "Cookie": kept.output(header="", sep=";").strip()}
        async with town.http.ws_connect(f"{town.url}/live", headers=headers) as socket:
            await Page(socket).hears("hello")


async def test_a_taken_port_is_not_the_end() -> None:
    async with visited() as first:
        port = int(first.url.rpartition(":")[2])
        async with visited(playground_port=port) as second:
            assert port < int(second.url.rpartition(":")[2]) <= port + server.TRIES


async def test_a_dropped_export_becomes_cards_for_people_inside(tmp_path: Path) -> None:
    content = packed(tmp_path).read_bytes()
    async with visited() as town, town.page("suzuki") as boss, town.page("tanaka") as customer:
        assert (await dropped(town, content, "slack.zip"))[0] == 202
        people = (await boss.hears("authors"))["people"]
        assert people == sorted(people, key=lambda one: -one["count"]) and all(one["name"] for one in people)
        await boss.sends("staff", accounts=[])
        last = await boss.hears("progress")
        while not (last["total"] and last["done"] == last["total"]):
            last = await boss.hears("progress")
        shown = await boss.hears("replayed")
        summary, *cards = shown["cards"]
        assert "読み込みました" in summary["title"] and len(cards) >= 3
        assert all(not card["buttons"] for card in shown["cards"])
        assert any(section["quotes"] for card in cards for section in card["sections"]), "the words themselves"
        await customer.sends("be", persona="tanaka")
        await customer.hears("room")
        assert not [one for one in customer.heard if one["t"] in ("progress", "authors", "replayed")]
        assert not boss.cards("alert"), "nothing of it went into the town"


async def test_a_bad_file_gives_the_reason() -> None:
    async with visited() as town, town.page("suzuki") as boss:
        for content, name in ((b"no zip", "a.zip"), (b"{}", "a.json"), (b"\x00\xff", "a.json")):
            while (await dropped(town, content, name))[0] == 409:
                pass  # the one before is being put away
            told = (await boss.hears("trouble"))["text"]
            assert told and "/tmp" not in told and "うまくいきません" not in told


async def test_what_cannot_be_taken_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "UPLOAD", 1_000)
    async with visited() as town:
        status, told = await dropped(town, b"x", "a.exe")
        assert status == 400 and ".zip" in told["text"]
        status, told = await dropped(town, b"x" * 2_000, "a.zip")
        assert status == 413 and "50 MB" in told["text"] and hall.UPLOAD == 50_000_000
        headers = {"Origin": town.url, "X-Kasuhara": "1", "X-Lang": "en"}
        async with town.http.post(f"{town.url}/replay", data=b"x", headers=headers) as answer:
            assert answer.status == 400 and "export" in (await answer.json())["text"]


def test_run_can_read_the_sample_and_end(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--replay", "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "kasuhara replay" in told and "http://" not in told


def test_the_command_line_says_what_it_refuses(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("KASUHARA_PLAYGROUND_HOST", "0.0.0.0")
    assert main(["playground", "--lang", "en"]) == 1
    assert "KASUHARA_PLAYGROUND_TOKEN" in capsys.readouterr().err
    assert main(["playground", "--db", str(tmp_path / "nowhere" / "a.db")]) == 2
