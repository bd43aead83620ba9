"""What a context does with the events of its queue: it keeps its read models, and reacts."""

from collections.abc import Callable, Mapping
from typing import Any

from troupe.domain.upcasting import EventUpcasters
from troupe.messaging.batches import Event, Failures, consumer
from troupe.projection.projection import Rows, keep
from troupe.projection.view import View
from troupe.store import personal
from troupe.store.envelope import Envelope

NONE: EventUpcasters = {}

type Reaction = Callable[[Envelope], object]  # each can be repeated without harm
type Reactions = Mapping[str, tuple[Reaction, ...]]  # by the type of the event


def inbound(
    *views: View, reactions: Reactions, upcasters: EventUpcasters = NONE
) -> Callable[[Event, Any], Failures]:
    """The entry point: a message that any part failed on comes again, for all of them.

    `upcasters`: of the events that are reacted to; views have their own.
    """

    def react(message: Mapping[str, Any], subjects: Rows) -> None:
        envelope = Envelope.of(message["detail"])
        due = reactions.get(envelope.type, ())
        for opened in personal.opened([envelope], subjects) if due else ():
            for reaction in due:
                reaction(opened.upcast(upcasters))

    def handler(event: Event, context: Any) -> Failures:
        subjects: Rows = {}  # the keys of people, which both parts read
        consume = consumer(lambda message: react(message, subjects))
        answers = (keep(views, event, subjects), consume(event, context))
        failed = dict.fromkeys(
            each["itemIdentifier"] for answer in answers for each in answer["batchItemFailures"]
        )
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}

    return handler
