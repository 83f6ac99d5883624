"""What the app did, as the server saw it: calls and answers."""

from dataclasses import dataclass, field

from .guild import Json


@dataclass(frozen=True)
class Call:
    """One call of the REST interface; `answer` is None when it was never carried out or had no body."""

    method: str
    """The name of the endpoint in Discord's documents: "create_message", "edit_message" …"""
    arguments: Json
    """Path, query and body together."""
    answer: Json | list[Json] | None
    status: int
    """What the app was told."""
    done: int
    """What it would have been told without the fault; 0 when it was not carried out."""
    at: float
    fault: str = ""
    limited: str = ""
    """The scope of a 429: user, shared or global."""

    @property
    def ok(self) -> bool:
        return 200 <= self.done < 300

    @property
    def code(self) -> int:
        """Discord's error code, 0 without one."""
        return int(self.answer.get("code", 0)) if isinstance(self.answer, dict) and not self.ok else 0


@dataclass
class Record:
    """In the order of arrival."""

    calls: list[Call] = field(default_factory=list)

    def of(self, method: str) -> list[Call]:
        """The calls of this method."""
        return [call for call in self.calls if call.method == method]

    @property
    def refusals(self) -> list[Call]:
        """Calls that Discord refused, scripted faults and limits not counted: normally none."""
        return [call for call in self.calls if call.done and not call.ok and call.done != 429]

    @property
    def invalid(self) -> int:
        """What counts towards the ban of the address: 401, 403 and 429, but not a shared limit (rule discord-22)."""
        return len([call for call in self.calls if call.status in {401, 403, 429} and call.limited != "shared"])
