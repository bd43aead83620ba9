"""No route: the context's queue, with its own events and those of others that it reads, in any order."""

from collections.abc import Callable, Mapping
from typing import Any

from recovery import expiry_scans
from recovery.projections.recovery_cases import RECOVERY_CASES
from recovery.projections.recovery_due import RECOVERY_DUE
from recovery.reactions import account_connection, standing_change
from troupe.batches import Event, Failures, consumer
from troupe.events import Envelope
from troupe.projection import projection

type Reaction = Callable[[Envelope], object]

# What else is done when something has happened; each can be repeated without harm.
_ALL: tuple[Mapping[str, tuple[Reaction, ...]], ...] = (
    account_connection.REACTIONS,
    expiry_scans.REACTIONS,
    standing_change.REACTIONS,
)
REACTIONS: Mapping[str, tuple[Reaction, ...]] = {
    kind: tuple(react for given in _ALL for react in given.get(kind, ()))
    for kind in dict.fromkeys(kind for given in _ALL for kind in given)
}


def _react(message: Mapping[str, Any]) -> None:
    envelope = Envelope.of(message["detail"])
    for reaction in REACTIONS.get(envelope.type, ()):
        reaction(envelope)


_keep_views = projection(RECOVERY_CASES, RECOVERY_DUE)
_consume = consumer(_react)


def handler(event: Event, context: Any) -> Failures:
    """A message that any part failed on comes again, for all of them."""
    answers = (_keep_views(event, context), _consume(event, context))
    failed = dict.fromkeys(
        each["itemIdentifier"] for answer in answers for each in answer["batchItemFailures"]
    )
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
