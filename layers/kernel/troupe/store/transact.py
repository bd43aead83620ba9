"""Load, decide, commit: one read and one transaction, decided again when another writer was first."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple, TypeIs

from troupe.aws import deadline
from troupe.domain.decider import Context, Decider
from troupe.store import aggregates, keys, personal, reads
from troupe.store.aggregates import Change, Ref, Stored
from troupe.store.attributes import unpack
from troupe.store.commit import Stale, commit, pause
from troupe.store.keys import Key
from troupe.store.scope import Answer, Idempotency, Scope
from troupe.store.writes import Action, remember

ATTEMPTS = 16  # twelve writers at once lose eleven times at most
PAUSE_SECONDS = 0.1  # at most: who has lost often waits no longer than who comes new
ENOUGH_SECONDS = 4  # that have to be left for another attempt: a call may take three
IDEMPOTENT_FOR = timedelta(hours=48)

type ReadTarget = Ref[Any, Any, Any] | Key


class Unknown(Exception):  # noqa: N818 -- an answer, not a fault
    """No such thing, for this tenant."""


class Contended(Exception):  # noqa: N818 -- the caller may try again
    """Another writer won every attempt."""


class PreconditionFailed(Exception):  # noqa: N818 -- an answer, not a fault
    """The version that the caller saw is not the one that stands."""

    def __init__(self, version: int) -> None:
        super().__init__(f"it stands at version {version}")
        self.version = version


class Replayed(Exception):  # noqa: N818 -- an answer, not a fault
    """The same request was carried out before under the same key; this is what it was answered."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("answered before")
        self.answer = answer


class KeyReused(Exception):  # noqa: N818 -- an answer, not a fault
    """The idempotency key was used for another request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What was read for a decision, in one consistent read."""

    scope: Scope
    items: Mapping[Key, Mapping[str, Any]]

    def item(self, key: Key) -> Mapping[str, Any] | None:
        return self.items.get(key)

    def find[S, C, E](self, ref: Ref[S, C, E]) -> Stored[S | None]:
        """The aggregate, at version 0 if there is none, and with its deletion if it is deleted."""
        return aggregates.stored(ref, self.items.get(ref.key(self.scope.tenant_id)))

    def of[S, C, E](self, ref: Ref[S, C, E], *, deleted: bool = False) -> Stored[S]:
        """The aggregate, or `Unknown` if there is none or it is deleted (which `deleted` lets pass)."""
        found = self.find(ref)
        return _there(found, deleted=deleted)

    def unchanged(self, ref: Ref[Any, Any, Any]) -> Action:
        """Hold the transaction to the version of an aggregate as it was read."""
        return aggregates.unchanged(ref, self.scope.tenant_id, self.of(ref, deleted=True).version)

    def decide[S, C, E](self, ref: Ref[S, C, E], command: C, *, deleted: bool = False) -> Change[S, C, E]:
        """Decide a command on what was read. A reference that creates may find nothing there."""
        before = self.find(ref)
        if not ref.creates:
            _there(before, deleted=deleted)
        events = ref.decider.answer(command, before.state, self.scope.context)
        return aggregates.change(ref, before, events)


def _there[S](found: Stored[S | None], *, deleted: bool) -> Stored[S]:
    if found.state is None or (found.deleted and not deleted):
        raise Unknown(found.id)
    return Stored(
        id=found.id, version=found.version, state=found.state, deleted=found.deleted, kept=found.kept
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """All that is to be written together: changed aggregates and the items that go with them."""

    changes: tuple[Change[Any, Any, Any], ...]
    actions: tuple[Action, ...] = ()
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])  # more to answer than id and version

    @property
    def first(self) -> Stored[Any]:
        return self.changes[0].after


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads for one attempt; `again`: after a race was lost, so that nothing is known any more."""

    scope: Scope
    again: bool = False

    def snapshot(self, targets: Sequence[ReadTarget]) -> Snapshot:
        """What is wanted, in one consistent read with the record of the caller's key.

        The first reference is the one that `If-Match` speaks of.
        """
        found = _read(self.scope, targets, again=self.again)
        _match(self.scope, found, targets)
        return found


class Carried[F, O](NamedTuple):
    """A use case that was carried out: what was written, what it rested on, and what was decided."""

    decision: Decision
    facts: F
    outcome: O


type Decide = Callable[[Snapshot], Decision]
type Read[F] = Callable[[Reader], tuple[Snapshot, F]]


def _is_ref(targets: ReadTarget) -> TypeIs[Ref[Any, Any, Any]]:
    return isinstance(targets, Ref)


def execute[S, C, E](
    scope: Scope, ref: Ref[S, C, E], command: C, *, deleted: bool = False
) -> Stored[S | None]:
    """Run one command on one aggregate."""
    decided = transact(
        scope, (ref,), lambda at: Decision(changes=(at.decide(ref, command, deleted=deleted),))
    )
    return decided.first


def transact(
    scope: Scope, targets: Sequence[ReadTarget], decide: Decide, seen: Snapshot | None = None
) -> Decision:
    """Read what is wanted, decide, and write it all in one transaction; on a lost race read and decide again.

    The first reference is the one that `If-Match` speaks of. `seen`: what is wanted was read already, and
    is read again only when it has changed. Raises the refusal, `Unknown`, `PreconditionFailed`, `Contended`,
    `Replayed` or `KeyReused`.
    """

    def attempt(reader: Reader) -> tuple[Snapshot, Decision]:
        if seen is None or reader.again:
            at = reader.snapshot(targets)
        else:
            at = seen
            _match(scope, at, targets)
        return at, decide(at)

    return _until_written(scope, attempt)


def carry_out[F, O](
    scope: Scope,
    *,
    read: Read[F],
    decide: Callable[[F, Context], O],
    write: Callable[[Snapshot, F, O], Decision],
) -> Carried[F, O]:
    """Carry out a use case of several aggregates in one transaction.

    `read` does all input, `decide` is pure, and `write` turns what was decided into changes and actions. All
    three are done again when another writer was first. Raises what `transact` does.
    """

    last: list[tuple[F, O]] = []

    def attempt(reader: Reader) -> tuple[Snapshot, Decision]:
        at, facts = read(reader)
        decided = decide(facts, scope.context)
        last[:] = [(facts, decided)]
        return at, write(at, facts, decided)

    decision = _until_written(scope, attempt)
    return Carried(decision, *last[0])


def _until_written(scope: Scope, attempt: Callable[[Reader], tuple[Snapshot, Decision]]) -> Decision:
    """Under a key, what changes nothing is remembered too: sent again, it changes nothing either."""
    people: dict[Key, Mapping[str, Any]] = {}
    for number in range(ATTEMPTS):
        at, decision = attempt(Reader(scope=scope, again=number > 0))
        remembered = [_remember(scope, scope.idempotency, decision)] if scope.idempotency else []
        actions = [*remembered, *_actions(scope, decision, {**at.items, **people})]
        if not actions:
            return decision
        try:
            commit(actions)
        except Stale as stale:
            _replay(scope, stale.found.get(0) if remembered else None)
            people |= personal.found(stale.found.values())
            left = deadline.seconds_left()
            if left is not None and left < ENOUGH_SECONDS:
                break
            pause(number, PAUSE_SECONDS)
        else:
            return decision
    raise Contended


def _actions(scope: Scope, decision: Decision, items: personal.Items) -> list[Action]:
    """All that is decided, and the keys of the subjects that are new with it."""
    known = personal.Keys(scope.tenant_id, items)
    changed = [each for change in decision.changes for each in aggregates.actions(change, scope, known)]
    return [*changed, *decision.actions, *known.actions()]


def load[S, C, E](tenant_id: str, decider: Decider[S, C, E], aggregate_id: str) -> Stored[S | None]:
    """Read one aggregate, strongly consistent; version 0 if there is none."""
    ref = Ref(decider=decider, id=aggregate_id)
    key = ref.key(tenant_id)
    return aggregates.stored(ref, reads.batch([key]).get(key))


def _read(scope: Scope, targets: Iterable[ReadTarget], *, again: bool) -> Snapshot:
    due = [
        each.key(scope.tenant_id) if _is_ref(each) else each
        for each in targets
        if again or not (_is_ref(each) and each.creates)
    ]
    if due and (idempotency := scope.idempotency):
        record = _record(scope, idempotency)
        items = reads.batch([record, *due])
        _answered(scope, idempotency, items.pop(record, None))
        return Snapshot(scope=scope, items=items)
    return Snapshot(scope=scope, items=reads.batch(due) if due else {})


def _match(scope: Scope, snapshot: Snapshot, targets: Sequence[ReadTarget]) -> None:
    """`If-Match` guards the aggregate that the command is about, as it was read."""
    about = next(filter(_is_ref, targets), None)
    if scope.if_match is None or about is None:
        return
    version = snapshot.find(about).version
    if version not in {0, scope.if_match}:
        raise PreconditionFailed(version)


def _record(scope: Scope, idempotency: Idempotency) -> Key:
    return keys.idempotency(scope.tenant_id, idempotency.principal, idempotency.key)


def _remember(scope: Scope, idempotency: Idempotency, decision: Decision) -> Action:
    answer = idempotency.answer(decision)
    key, now = _record(scope, idempotency), scope.context.now
    return remember(
        key,
        {
            "fingerprint": idempotency.fingerprint,
            "answer": aggregates.dump(Answer, answer),
            "expires_at": int((now + IDEMPOTENT_FOR).timestamp()),
        },
        now,
    )


def _answered(scope: Scope, idempotency: Idempotency, record: Mapping[str, Any] | None) -> None:
    """TTL is best effort: an expired record that is still there counts as none."""
    if record is None or record["expires_at"] <= scope.context.now.timestamp():
        return
    if record["fingerprint"] != idempotency.fingerprint:
        raise KeyReused
    raise Replayed(aggregates.parse(Answer, record["answer"]))


def _replay(scope: Scope, found: Mapping[str, Any] | None) -> None:
    if found and scope.idempotency:
        _answered(scope, scope.idempotency, unpack(found))
