"""The shape every aggregate has: decide what happens, evolve what is."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, reduce
from typing import Any, Never, TypeAliasType, assert_never, get_args

from troupe.domain.personal import blanked
from troupe.domain.upcasting import EventUpcasters, StateUpcasters

COPIES = 8  # of what many transactions check at once


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


def _itself(_state: Any, _id: str) -> Mapping[str, str]:
    return {}


def _never(_state: Any) -> datetime | None:
    return None


def cases(shape: Any) -> tuple[type[Any], ...]:
    """The classes of a union, in its order; of `Never`, none."""
    if isinstance(shape, TypeAliasType):
        return cases(shape.__value__)
    if isinstance(shape, type):
        return (shape,)
    return tuple(each for part in get_args(shape) for each in cases(part))


def events_of(stream: str, union: Any, *prefixes: str) -> Mapping[str, type[Any]]:
    """The events of a union by type: `UserRoleAssigned` of `user` is `user.role_assigned`.

    `prefixes`: what the names of the classes may begin with, where that is not the stream's name.
    """
    begins = "|".join(prefixes or (stream.title().replace("_", ""),))
    names = {re.sub(f"^({begins})", "", each.__name__): each for each in cases(union)}
    return {f"{stream}.{_snake(name)}": each for name, each in names.items()}


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


@cache
def _taken(function: Callable[..., Any], parameter: str) -> tuple[type[Any], ...]:
    """The classes that a parameter is annotated with."""
    return cases(function.__annotations__[parameter])


def _no_command(command: Never, _state: Any, _context: Context) -> tuple[Any, ...]:
    assert_never(command)


def _no_event(_state: Any, event: Never) -> Any:
    assert_never(event)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decider[S, C, E]:
    """An aggregate as data: no base class, no registry, nothing to mock.

    The state of an aggregate without events is None. Its commands are decided by `create`, and its first
    event makes the state with `begin`; from then on it is `decide` and `evolve`. Which commands and events
    each of the four takes is what it is annotated with.
    """

    name: str  # the stream's kind, lower case; part of the key
    create: Callable[[Any, Context], tuple[E, ...]]
    begin: Callable[[Any], S]
    decide: Callable[[Any, S, Context], tuple[E, ...]] = _no_command
    evolve: Callable[[S, Any], S] = _no_event
    events: Mapping[str, type[E]]
    state: Any  # the union of its cases, for the codec
    listed: Callable[[S, str], Listing] = _unlisted
    deleted_at: Callable[[S], datetime | None] = _never
    subjects: Callable[[S, str], Mapping[str, str]] = _itself  # whom personal fields are about, beside itself
    erased: Callable[[S, tuple[str, ...], Context], E] | None = None  # blanks what is about these subjects
    erases: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, Any])  # what goes with a subject
    kept_for: timedelta | None = None  # a stream of one record, of which nothing is left after so long
    copies: int = 0  # of its version, where many transactions at once check it
    shape: int = 1  # of the stored state; it rises whenever a field is added, renamed or removed
    upcasters: StateUpcasters = field(default_factory=dict[int, Any])
    event_upcasters: EventUpcasters = field(default_factory=dict[tuple[str, int], Any])

    @property
    def context(self) -> str:
        """The bounded context: the package that decides. The kernel's own aggregates belong to `kernel`."""
        package = self.create.__module__.partition(".")[0]
        return "kernel" if package == "troupe" else package

    def answer(self, command: C, state: S | None, context: Context) -> tuple[E, ...]:
        """The events of a command, by `create` or by `decide`.

        A command that only `create` takes is refused where the aggregate exists (`<name>_exists`), and one
        that only `decide` takes where it does not (`no_<name>`).
        """
        called = self.name.replace("_", " ")
        if state is None:
            if not isinstance(command, _taken(self.create, "command")):
                raise Rejected(f"no_{self.name}", f"There is no such {called}.")
            return self.create(command, context)
        if not isinstance(command, _taken(self.decide, "command")):
            raise Rejected(f"{self.name}_exists", f"There is such a {called} already.")
        return self.decide(command, state, context)

    def subjects_of(self, state: S, aggregate_id: str) -> Mapping[str, str]:
        """Whom the personal fields of the events are about, by the name that the fields give them."""
        return {self.name: f"{self.name}:{aggregate_id}", **self.subjects(state, aggregate_id)}

    def erased_with(self, state: S, aggregate_id: str, subject: str) -> tuple[str, ...]:
        """By which names the fields go with this subject."""
        about = [name for name, each in self.subjects_of(state, aggregate_id).items() if each == subject]
        return tuple(dict.fromkeys(each for name in about for each in (name, *self.erases.get(name, ()))))

    def erasure(self, state: S, aggregate_id: str, subject: str, context: Context) -> tuple[E, ...]:
        """The event that blanks what the aggregate holds about an erased subject, if it holds anything."""
        names = self.erased_with(state, aggregate_id, subject)
        if self.erased is None or not names or blanked(state, *names) == state:
            return ()
        return (self.erased(state, names, context),)

    def after(self, state: S | None, event: E) -> S | None:
        """The state after one more event; one that only `begin` takes begins the aggregate again.

        An event that begins nothing leaves an absent aggregate absent.
        """
        if state is not None and isinstance(event, _taken(self.evolve, "event")):
            return self.evolve(state, event)
        return self.begin(event) if isinstance(event, _taken(self.begin, "event")) else state

    def fold(self, events: Iterable[E], state: S | None = None) -> S | None:
        return reduce(self.after, events, state)

    def type_of(self, event: E) -> str:
        return next(name for name, shape in self.events.items() if type(event) is shape)
