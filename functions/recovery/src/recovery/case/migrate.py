"""Moving the running attempts of a sequence to another edition, a transaction each."""

from dataclasses import dataclass

from recovery.attempt.commands import MigrateAttempt, SequenceStep
from recovery.attempt.decider import collection
from recovery.attempt.events import SequenceEdition
from recovery.case import transactions
from recovery.sequence.events import Edition
from troupe.domain.decider import Rejected
from troupe.store import keys, reads
from troupe.store.attributes import pack
from troupe.store.scope import Scope
from troupe.store.transact import Contended, Decision, transact

AT_ONCE = 200  # attempts that one call looks at


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    moved: int
    kept: int
    after: str | None  # where it stopped


def to(sequence_id: str, edition: Edition) -> MigrateAttempt:
    sequence = SequenceEdition(id=sequence_id, edition=edition.edition, delays_from=edition.delays_from)
    steps = tuple(SequenceStep(id=step.id, delay_hours=step.delay_hours) for step in edition.steps)
    return MigrateAttempt(sequence=sequence, steps=steps)


def migrate(scope: Scope, workspace_id: str, moving: MigrateAttempt, after: str | None) -> Tally:
    """The pending attempts of the workspace, oldest first, from where it stopped before."""
    found = _page(scope.tenant_id, workspace_id, after)
    theirs = [each for each in found.items if each["summary"].get("sequence_id") == moving.sequence.id]
    moved = sum(_move(scope, each["summary"]["id"], moving) for each in theirs)
    more = found.items[-1]["GSI1SK"] if found.more else None
    return Tally(moved=moved, kept=len(theirs) - moved, after=more)


def _move(scope: Scope, attempt_id: str, moving: MigrateAttempt) -> bool:
    """Whether it moved: it may be there already, or have ended, or be sending a step just now."""
    attempt = transactions.ref(attempt_id)
    try:
        decided = transact(scope, (attempt,), lambda at: Decision(changes=(at.decide(attempt, moving),)))
    except (Rejected, Contended):
        return False
    return bool(decided.changes[0].events)


def _page(tenant_id: str, workspace_id: str, after: str | None) -> reads.Rows:
    """One query of the index; an attempt that ended since is still in it, and is refused by itself."""
    pending = keys.listing(tenant_id, collection(workspace_id, "pending"))
    query = {
        "IndexName": "GSI1",
        "KeyConditionExpression": "GSI1PK = :pk AND GSI1SK > :after",
        "ExpressionAttributeValues": pack({":pk": pending, ":after": after or "0"}),
    }
    return reads.first(AT_ONCE, query)
