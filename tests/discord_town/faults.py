"""What goes wrong with a call of the REST interface, by script: before it is carried out, after it, or instead."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from .guild import Json
from .refused import TEXTS


@dataclass(frozen=True)
class Fault:
    """`carried_out`: the platform did it all the same. Then a status, a cut connection, an answer, or only a delay."""

    name: str
    carried_out: bool = False
    delay: float = 0.0
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    cut: bool = False
    polite: bool = False
    """Cut without a reset."""
    body: Json | None = None


FOREVER = 3600.0


def down(status: int = 502, *, carried_out: bool = False) -> Fault:
    """An error page of the edge: discord.py tries again after 500, 502, 504 and 524, not after 503."""
    return Fault("5xx", carried_out, status=status)


def lost(status: int = 502) -> Fault:
    """Carried out, but the answer is lost: the edge answers with this status instead."""
    return Fault("lost", True, status=status)


def reset(*, carried_out: bool = True) -> Fault:
    """The connection is reset, after the effect by default; discord.py does not try again (Linux)."""
    return Fault("reset", carried_out, cut=True)


def dropped(*, carried_out: bool = True) -> Fault:
    """The server goes away instead of answering (aiohttp: ServerDisconnectedError, which is no OSError)."""
    return Fault("dropped", carried_out, cut=True, polite=True)


def busy(retry_after: float = 1.0, *, everywhere: bool = False, shared: bool = False) -> Fault:
    """429 as Discord itself says it; `everywhere`: the global limit."""
    scope = "global" if everywhere else "shared" if shared else "user"
    headers = [("Via", "1.1 google"), ("Retry-After", str(max(1, round(retry_after)))), ("X-RateLimit-Scope", scope)]
    if everywhere:
        headers.append(("X-RateLimit-Global", "true"))
    body = {"message": "You are being rate limited.", "retry_after": retry_after, "global": everywhere}
    return Fault("429", status=429, headers=tuple(headers), body=body)


def banned() -> Fault:
    """429 of Cloudflare: no Via header, a page instead of JSON (rule discord-22)."""
    return Fault("banned", status=429)


def stuck(*, carried_out: bool = False, seconds: float = FOREVER) -> Fault:
    """The call hangs, then the connection breaks; a client's own time-out comes first."""
    return Fault("stuck", carried_out, delay=seconds, cut=True)


def slow(seconds: float) -> Fault:
    """Carried out at once, answered late."""
    return Fault("slow", True, delay=seconds)


def refused(status: int, code: int, **more: object) -> Fault:
    """A refusal with this code, for example refused(403, 50013) or refused(404, 10003)."""
    return Fault(str(code), status=status, body={"message": TEXTS.get(code, "Error"), "code": code, **more})


@dataclass
class _Script:
    method: str
    faults: Iterator[Fault | None]
    when: Callable[[Json], bool]


@dataclass
class Faults:
    """The scripts, tried in the order they were written; a used-up one is passed over."""

    scripts: list[_Script] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)
    """What went wrong so far: method and fault name."""

    def on(
        self, method: str, *faults: Fault | None, times: int = 1, when: Callable[[Json], bool] = lambda _: True
    ) -> None:
        """The next calls of `method` ("*": any) fail like this in turn, the row `times` over; None goes well."""
        self.scripts.append(_Script(method, iter(list(faults) * times), when))

    def rolled(self, seed: int, method: str, *faults: Fault, worse: float = 0.5) -> None:
        """Without end, seeded: one of the faults in `worse` of the calls."""
        random = Random(seed)

        def endless() -> Iterator[Fault | None]:
            while True:
                yield random.choice(faults) if random.random() < worse else None

        self.scripts.append(_Script(method, endless(), lambda _: True))

    def clear(self) -> None:
        self.scripts.clear()

    def take(self, method: str, arguments: Json) -> Fault | None:
        for script in self.scripts:
            if script.method not in {method, "*"} or not script.when(arguments):
                continue
            for fault in script.faults:
                if fault is not None:
                    self.taken.append((method, fault.name))
                return fault
        return None
