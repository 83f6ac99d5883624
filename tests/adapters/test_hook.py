"""A phone service is called with signed ids, once by its key, through the real Courier over real HTTP (issue 4)."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from company import Company, account
from harness import POLICY, Harness, opened, sqlite_url
from scripted_chat import ScriptedChat

from adapters import wiring
from adapters.cli import main
from adapters.hook import HookChat, fault
from adapters.settings import Settings
from bot.courtesy import Courtesy
from bot.delivery import Courier
from bot.domain.errors import Refused
from bot.domain.model import MessageRef, Severity
from bot.domain.notices import Letter, PostLost

SECRET = "s3cret-of-the-company"
HOOKED = replace(POLICY, ping=replace(POLICY.ping, hooked=True))
Heard = tuple[dict[str, str], bytes]


@dataclass
class Receiver:
    """A phone service of our own: takes what is asked, answers by a script, then 200."""

    heard: list[Heard] = field(default_factory=list)
    answers: Iterator[web.Response | None] = field(default_factory=lambda: iter(()))
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        answer = next(self.answers, web.Response())
        self.heard.append((dict(request.headers), await request.read()))
        if answer is None:  # it got through, and nobody learns of it
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return answer

    def bodies(self) -> list[dict[str, object]]:
        return [json.loads(body) for _, body in self.heard]

    def keys(self) -> list[str]:
        return [headers["Idempotency-Key"] for headers, _ in self.heard]


@contextlib.asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver, app = Receiver(), web.Application()
    app.router.add_post("/calls", receiver.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/calls"
        yield receiver
    finally:
        await runner.cleanup()


@dataclass
class Line:
    """A house with a phone service, and its company."""

    house: Harness
    company: Company
    receiver: Receiver
    courier: Courier
    chat: ScriptedChat

    async def brings(self, seconds: int = 0) -> None:
        """Bring what is due, second by second."""
        for _ in range(seconds + 1):
            while await self.courier.run_once():
                pass
            self.house.clock.advance(seconds=1)


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    async with receiving() as receiver, opened(sqlite_url(tmp_path), HOOKED) as house:
        company = await Company(house).opens()
        chat = ScriptedChat()
        hook = HookChat(receiver.url, SECRET, house.clock, timeout=0.5)
        chats = {"slack": chat, "hook": hook}
        courtesy = Courtesy(first_wait=timedelta(seconds=1))
        courier = Courier(house.intake.write, chats, house.clock, house.intake.submit, courtesy)
        yield Line(house, company, receiver, courier, chat)


async def test_every_grave_call_is_told_with_ids_only(line: Line) -> None:
    customer = line.house.customer(name="青葉クリニック")
    await customer.says("殺すぞ")
    await line.company.reports("「殺すぞ」と言われた", severity=Severity.HIGH)
    began = line.house.clock.now
    await line.brings()
    line.house.clock.now = began
    await line.company.passes(minutes=30)
    await line.brings()
    bodies = line.receiver.bodies()
    assert bodies[0] == {
        "kind": "opened", "ping": 1, "step": 1, "round": 1, "severity": "high", "people": [account("USUPER1")],
        "at": began.isoformat(),
    }  # fmt: skip
    told = [(body["kind"], body["step"], body["people"]) for body in bodies[1:]]
    leads = [account("ULEAD"), account("UBOSS")]
    assert told == [
        ("escalated", 2, [account("USUPER2")]), ("escalated", 3, [account("ULEAD")]), ("exhausted", 4, leads),
    ]  # fmt: skip
    assert line.receiver.keys() == ["hook:1:0", "hook:1:1", "hook:1:2", "hook:1:3"]
    for headers, body in line.receiver.heard:
        assert not re.search("青葉|鈴木|殺す|サポート", f"{headers} {json.loads(body)}")
        assert set(json.loads(body)) == {"kind", "ping", "step", "round", "severity", "people", "at"}
        assert headers["Content-Type"] == "application/json"


async def test_the_signature_is_over_the_time_and_the_bytes(line: Line) -> None:
    await line.company.reports("殴るぞと言われた", severity=Severity.HIGH)
    now = line.house.clock.now
    await line.brings()
    ((headers, body),) = line.receiver.heard
    timestamp = headers["X-Kasuhara-Timestamp"]
    assert int(timestamp) == int(now.timestamp())
    right = hmac.new(SECRET.encode(), f"v1:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(headers["X-Kasuhara-Signature"], f"v1={right}")


async def test_below_high_and_without_a_service_nothing_goes_out(line: Line, tmp_path: Path) -> None:
    await line.company.reports("困っている", severity=Severity.MEDIUM)
    await line.brings()
    assert line.receiver.heard == [] and len(line.chat.shown) == 1
    (tmp_path / "other").mkdir()
    async with opened(sqlite_url(tmp_path / "other")) as house:
        company = await Company(house).opens()
        await company.reports("殴るぞと言われた", severity=Severity.CRITICAL)
        assert not [post for post in company.posts() if post.key.startswith("hook:")]


async def test_it_is_tried_again_under_the_same_key(line: Line) -> None:
    busy = web.Response(status=429, headers={"Retry-After": "7"})
    line.receiver.answers = iter([web.Response(status=503), None, busy])
    await line.company.reports("殴るぞと言われた", severity=Severity.HIGH)
    await line.brings(4)
    assert len(line.receiver.heard) == 3
    await line.brings(4)
    assert len(line.receiver.heard) == 3, "Retry-After is honoured"
    await line.brings(10)
    assert line.receiver.keys() == ["hook:1:0"] * 4
    assert len({body for _, body in line.receiver.heard}) == 1, "the very same bytes"
    assert len({headers["X-Kasuhara-Timestamp"] for headers, _ in line.receiver.heard}) == 4, "each signed anew"
    await line.brings(60)
    assert len(line.receiver.heard) == 4


async def test_a_receiver_that_says_at_once_is_asked_ever_more_slowly(line: Line) -> None:
    line.receiver.answers = iter([web.Response(status=503, headers={"Retry-After": "0"}) for _ in range(100)])
    await line.company.reports("殴るぞと言われた", severity=Severity.HIGH)
    for _ in range(100):
        await line.courier.run_once()
        line.house.clock.advance(seconds=0.1)
    assert len(line.receiver.heard) <= 4, "ten seconds: after 1, 2 and 4"


class Full(ScriptedChat):
    """Says when so many posts have come."""

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self.wanted = wanted
        self.reached = asyncio.Event()

    async def post(self, letter: Letter) -> MessageRef:
        ref = await super().post(letter)
        if len(self.shown) >= self.wanted:
            self.reached.set()
        return ref


async def test_a_silent_receiver_holds_up_no_chat(line: Line) -> None:
    """A receiver that takes requests and never answers, and twenty grave pings at once."""

    over = asyncio.Event()

    async def silent(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        hook = HookChat(f"http://127.0.0.1:{port}/", SECRET, line.house.clock, timeout=30.0)
        house = line.house
        for n in range(20):
            customer = house.customer(f"U{n}")
            await customer.says("殺すぞ")
            await line.company.reports(f"{n}", severity=Severity.HIGH, place=f"slack:TOWN:C{n}")
        chat = Full(len(line.company.pings()))
        courier = Courier(house.intake.write, {"slack": chat, "hook": hook}, house.clock, house.intake.submit)
        courier.start()
        try:
            await asyncio.wait_for(chat.reached.wait(), 5.0)
        finally:
            over.set()
            await courier.stop()


@pytest.mark.parametrize("status", [302, 401, 404])
async def test_what_will_never_be_taken_is_told_and_harms_no_call(line: Line, status: int) -> None:
    line.receiver.answers = iter([web.Response(status=status, headers={"Location": line.receiver.url})])
    await line.company.reports("殴るぞと言われた", severity=Severity.HIGH)
    await line.brings(3)
    assert len(line.receiver.heard) == 1, "and no redirect is followed"
    (lost,) = [s.letter.post for s in line.chat.shown if s.letter and isinstance(s.letter.post.notice, PostLost)]
    assert isinstance(lost.notice, PostLost)
    assert (lost.notice.what, lost.notice.reason, lost.to.people) == ("hook:1:0", "hook_refused", (account("UADMIN"),))
    assert line.company.called() == ["USUPER1"], "the call itself stands and hurries nobody"


async def test_an_answered_ping_rings_no_telephone(line: Line) -> None:
    line.receiver.answers = iter([web.Response(status=503)])
    await line.company.reports("殴るぞと言われた", severity=Severity.HIGH)
    await line.courier.run_once()
    await line.company.acknowledges()
    await line.brings(120)
    assert len(line.receiver.heard) == 1, "not tried again once somebody has it"


def test_what_may_be_an_address() -> None:
    assert fault("https://phone.example.com/x", SECRET) == ""
    for url in ("http://127.0.0.1:8080/x", "http://[::1]/x", "http://localhost/x"):
        assert fault(url, SECRET) == ""
    for url in (
        "http://phone.example.com/",
        "http://10.0.0.5/",
        "ftp://127.0.0.1/",
        "phone",
        "http://[::1",
        "https://",
    ):
        assert fault(url, SECRET) == "not_https", url
    assert fault("https://phone.example.com/", "") == "no_secret"


@pytest.mark.parametrize(
    ("url", "secret", "missing"),
    [("http://phone.example.com/", SECRET, "https"), ("https://phone.example.com/", "", "KASUHARA_HOOK_SECRET")],
)
def test_the_doctor_says_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str, secret: str,
    missing: str,
) -> None:  # fmt: skip
    given = {"KASUHARA_DATABASE_URL": sqlite_url(tmp_path), "KASUHARA_KEY": "", "SLACK_BOT_TOKEN": "",
             "KASUHARA_HOOK_URL": url, "KASUHARA_HOOK_SECRET": secret}  # fmt: skip
    for variable, said in given.items():
        monkeypatch.setenv(variable, said)
    assert main(["doctor", "--lang", "en"]) == 1
    printed = capsys.readouterr().out
    assert missing in printed and SECRET not in printed


async def test_the_house_is_told_by_the_settings(tmp_path: Path) -> None:
    given = Settings(database_url=sqlite_url(tmp_path), hook_url="https://phone.example.com/", hook_secret=SECRET)
    async with wiring.house(given) as built:
        assert built.policy.ping.hooked and list(wiring.phone(given)) == ["hook"]
    assert wiring.phone(Settings()) == {}
    for wrong, key in (({"hook_secret": ""}, "no_secret"), ({"hook_url": "http://phone.example.com/"}, "not_https")):
        with pytest.raises(Refused, match=key):
            wiring.phone(replace(given, **wrong))
