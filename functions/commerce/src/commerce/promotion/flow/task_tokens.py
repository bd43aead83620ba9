"""The flow that waits for a target's decision: its task token lies on the target's approval item.

The token is put there while the target may still decide, and else is answered at once; what decides takes the
item out of its queue in its own transaction. So a token is answered whichever of the two came first.
"""

from collections.abc import Iterable
from datetime import datetime

from commerce.promotion import transactions
from troupe.domain.decider import Rejected
from troupe.domain.instants import rfc3339
from troupe.messaging import executions
from troupe.store import reads, writes
from troupe.store.commit import commit
from troupe.store.keys import Key

_DECIDED = Rejected("target_decided", "There is nothing to wait for.")


def wait(place: Key, submitted_at: datetime, token: str) -> bool:
    """Leave the token on the item, or answer it: whether there is a decision to wait for."""
    kept = writes.update(
        place,
        "SET task_token = :token",
        {"token": token, "submitted": rfc3339(submitted_at)},
        condition="attribute_exists(GSI2PK) AND submitted_at = :submitted",
        refused=_DECIDED,
    )
    try:
        commit([kept])
    except Rejected:
        executions.answer(token)
        return False
    return True


def decided(tenant_id: str, promotion_id: str, targets: Iterable[str]) -> None:
    """Answer the tokens of those of the targets that may not decide any more."""
    places = [transactions.approval(tenant_id, promotion_id, each) for each in targets]
    for item in reads.batch(places).values():
        if "task_token" in item and "GSI2PK" not in item:
            executions.answer(item["task_token"])
