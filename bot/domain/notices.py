"""What may be said in answer: facts without prose, put into words at the door."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Received:
    """A message was stored, or had been already; `detection_id` names the burst that it opened or joined."""

    stored: bool
    detection_id: int | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """A change was made; `subject` is the row it concerns, `changed` the columns that moved."""

    subject: str
    changed: tuple[str, ...] = ()
    detections: int = 0
    """Open detections of the customers concerned after counting again."""


@dataclass(frozen=True, slots=True)
class Forgot:
    """How much one run of forgetting took."""

    texts: int
    rows: int
    names: int


Notice = Received | Applied | Forgot
