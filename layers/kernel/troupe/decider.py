"""The shape every aggregate has: decide what happens, evolve what is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from typing import Any


class Rejected(Exception):  # noqa: N818 -- an outcome of the domain, not a fault of the program
    """The command is understood, and the answer is no.

    `code` is stable and public, `detail` is for a person. `errors`: what is wrong with which part of the
    request, each with its `field`, `code` and `detail`, where that is more than one can say in a sentence.
    """

    def __init__(self, code: str, detail: str, errors: Sequence[Mapping[str, str | int]] = ()) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.errors = errors


class Invalid(Rejected):
    """What the command carries can never be accepted: 422 rather than 409. `field` names what is wrong."""

    def __init__(self, code: str, detail: str, field: str) -> None:
        super().__init__(code, detail)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a decision may know besides its command and state."""

    now: datetime
    tenant_id: str
    actor: str
    new_id: Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Where an aggregate stands in lists: names and sort keys without the tenant, which the store adds.

    `collection` goes to GSI1, `queue` or else `due` (kind and instant) to GSI2; `summary` is what a list
    shows.
    """

    collection: tuple[str, str] | None = None
    queue: tuple[str, str] | None = None
    due: tuple[str, datetime] | None = None
    summary: Mapping[str, Any] = field(default_factory=dict[str, Any])


def _unlisted(_state: Any, _id: str) -> Listing:
    return Listing()


def _never(_state: Any) -> datetime | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decider[S, C, E]:
    """An aggregate as data: no base class, no registry, nothing to mock."""

    name: str  # the stream's kind, lower case; part of the key
    initial: S
    decide: Callable[[C, S, Context], tuple[E, ...]]
    evolve: Callable[[S, E], S]
    events: Mapping[str, type[E]]
    state: Any  # the union of its cases, for the codec
    listed: Callable[[S, str], Listing] = _unlisted
    deleted_at: Callable[[S], datetime | None] = _never

    @property
    def context(self) -> str:
        """The bounded context: the package that decides. The kernel's own aggregates belong to `kernel`."""
        package = self.decide.__module__.partition(".")[0]
        return "kernel" if package == "troupe" else package

    def fold(self, events: Iterable[E], state: S | None = None) -> S:
        return reduce(self.evolve, events, self.initial if state is None else state)

    def type_of(self, event: E) -> str:
        return next(name for name, shape in self.events.items() if type(event) is shape)
