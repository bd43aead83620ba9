"""The open cases of a workspace, each asked for the same thing when an event is of concern to all of them."""

from collections.abc import Iterable
from typing import Any

from recovery.attempt.commands import AttemptCommand
from recovery.attempt.decider import collection
from recovery.case import transactions
from troupe.clock import now
from troupe.edge.request import scope_after
from troupe.store import keys, reads
from troupe.store.envelope import Envelope
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, transact

FIRST, LAST = "0", "\uffff"  # before and after every place in a list


def listed(tenant_id: str, name: str) -> list[dict[str, Any]]:
    """All of a list, as it shows them."""
    return reads.listed("GSI1", keys.listing(tenant_id, name), FIRST, LAST)


def of(tenant_id: str, workspace_id: str) -> list[dict[str, Any]]:
    return listed(tenant_id, collection(workspace_id, "pending"))


def send_command(event: Envelope, found: Iterable[dict[str, Any]], command: AttemptCommand) -> int:
    """How many of them it changed."""
    return sum(_asked(scope_after(event, now()), each["id"], command) for each in found)


def _asked(scope: Scope, attempt_id: str, command: AttemptCommand) -> int:
    attempt = transactions.ref(attempt_id)

    def decide(at: Snapshot) -> Decision:
        state = at.of(attempt).state
        going = state.pending  # the index lags
        return transactions.written(at, transactions.decided(at, attempt, (command,) if going else ()))

    return len(transact(scope, (attempt,), decide).changes[0].events)
