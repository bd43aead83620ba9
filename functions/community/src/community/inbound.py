"""No route: the context's queue, with its own events and those of others that it reads, in any order."""

from collections.abc import Callable, Mapping
from typing import Any

from community.projections.feed_items import FEED_ITEMS
from community.projections.people import PEOPLE
from community.reactions import distribution_flow
from troupe.batches import Event, Failures, consumer
from troupe.events import Envelope
from troupe.projection import projection
from troupe.views import View

type Reaction = Callable[[Envelope], object]

VIEWS: tuple[View, ...] = (PEOPLE, FEED_ITEMS)

# What else is done when something has happened; each can be repeated without harm.
REACTIONS: Mapping[str, tuple[Reaction, ...]] = distribution_flow.REACTIONS


def _react(message: Mapping[str, Any]) -> None:
    envelope = Envelope.of(message["detail"])
    for reaction in REACTIONS.get(envelope.type, ()):
        reaction(envelope)


_keep_views = projection(*VIEWS)
_consume = consumer(_react)


def handler(event: Event, context: Any) -> Failures:
    """A message that any part failed on comes again, for all of them."""
    answers = (_keep_views(event, context), _consume(event, context))
    failed = dict.fromkeys(
        each["itemIdentifier"] for answer in answers for each in answer["batchItemFailures"]
    )
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
