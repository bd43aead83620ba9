"""What a context does with the events of its queue: it keeps its read models, and reacts."""

from collections.abc import Callable, Mapping
from typing import Any

from troupe.messaging.batches import Event, Failures, consumer
from troupe.projection.projection import projection
from troupe.projection.view import View
from troupe.store.envelope import Envelope

type Reaction = Callable[[Envelope], object]  # each can be repeated without harm
type Reactions = Mapping[str, tuple[Reaction, ...]]  # by the type of the event


def inbound(*views: View, reactions: Reactions) -> Callable[[Event, Any], Failures]:
    """The entry point: a message that any part failed on comes again, for all of them."""

    def react(message: Mapping[str, Any]) -> None:
        envelope = Envelope.of(message["detail"])
        for reaction in reactions.get(envelope.type, ()):
            reaction(envelope)

    keep, consume = projection(*views), consumer(react)

    def handler(event: Event, context: Any) -> Failures:
        answers = (keep(event, context), consume(event, context))
        failed = dict.fromkeys(
            each["itemIdentifier"] for answer in answers for each in answer["batchItemFailures"]
        )
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}

    return handler
