"""What the app did, as the server saw it: calls, answers, and posts to response_urls."""

from dataclasses import dataclass, field

from .message import Json


@dataclass(frozen=True)
class Call:
    """One call of the Web API; `answer` is None when it was never carried out."""

    method: str
    arguments: Json
    answer: Json | None
    status: int
    at: float
    fault: str = ""

    @property
    def ok(self) -> bool:
        return bool(self.answer and self.answer.get("ok"))

    @property
    def error(self) -> str:
        return str(self.answer.get("error", "")) if self.answer else ""


@dataclass
class Record:
    """In the order of arrival."""

    calls: list[Call] = field(default_factory=list)
    responses: list[Json] = field(default_factory=list)
    """Bodies posted to response_urls, refused ones too."""

    def of(self, method: str) -> list[Call]:
        """The calls of this method."""
        return [call for call in self.calls if call.method == method]

    @property
    def refusals(self) -> list[Call]:
        """Calls that Slack would have refused, scripted faults not counted: normally none."""
        return [call for call in self.calls if call.answer and not call.ok and not call.fault]
