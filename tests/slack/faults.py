"""What goes wrong with a call of the Web API, by script: before it is carried out, after it, or instead of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from .message import Json


@dataclass(frozen=True)
class Fault:
    """`carried_out`: the platform did it all the same. Then a status, a cut connection, an answer, or only a delay."""

    name: str
    carried_out: bool = False
    delay: float = 0.0
    status: int = 200
    retry_after: int = 0
    cut: bool = False
    body: Json | None = None
    half: bool = False


FOREVER = 3600.0


def down(status: int = 503, *, carried_out: bool = False) -> Fault:
    return Fault("5xx", carried_out, status=status)


def busy(retry_after: int = 1) -> Fault:
    return Fault("429", status=429, retry_after=retry_after)


def cut() -> Fault:
    """The connection breaks, nothing was done."""
    return Fault("cut", cut=True)


def lost() -> Fault:
    """Carried out, but the answer never arrives: the connection breaks."""
    return Fault("lost", True, cut=True)


def half() -> Fault:
    """Half of an answer arrives, which is no JSON any more."""
    return Fault("half", half=True)


def stuck(*, carried_out: bool = False, seconds: float = FOREVER) -> Fault:
    """The call hangs, then the connection breaks; a client's own time-out comes first."""
    return Fault("stuck", carried_out, delay=seconds, cut=True)


def slow(seconds: float) -> Fault:
    """Carried out at once, answered late."""
    return Fault("slow", True, delay=seconds)


def refused(error: str, **more: object) -> Fault:
    """ok: false with this error, for example refused("fatal_error")."""
    return Fault(error, body={"ok": False, "error": error, **more})


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
