"""Sends a message that needs more time than one invocation has again, in parts.

The caller that counts the parts sends all of them at once. A part that sent the next one would make a chain,
and Lambda takes that for a loop and ends it: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import batched
from typing import Any

from troupe.aws.clients import sqs
from troupe.observability import outcome
from troupe.store.envelope import Envelope

MOST = 50  # things of one part: ten such messages are a batch, and have the function's time between them
MESSAGES, BYTES = 10, 256 * 1024  # that the queue takes in one call
PART, OF = "part", "part_of"  # in the data of an event that is here again


class Unsent(Exception):  # noqa: N818 -- the event comes again
    """The queue did not take all of it."""


def part(event: Envelope, of: str = "") -> list[Any] | None:
    """The things that this message is about, if it is a part of one that was shared out.

    `of`: by which reader of the event, where there are several; of another one's part it is nothing.
    """
    found: list[Any] | None = event.data.get(PART)
    return found if found is None or event.data.get(OF, "") == of else []


def shared_out(event: Envelope, things: Sequence[Any], of: str = "") -> bool:
    """Whether the event was sent again to the function's own queue, in parts that name the things.

    It is not where there are few, and where the function has no queue (a rebuild): then they are its own.
    """
    queue = os.environ.get("INBOUND_QUEUE_URL")
    if queue is None or len(things) <= MOST:
        return False
    for bodies in _calls([_body(event, some, of) for some in batched(things, MOST, strict=False)]):
        entries: Any = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]
        if sqs().send_message_batch(QueueUrl=queue, Entries=entries).get("Failed"):
            raise Unsent
    outcome("shared_out", type=event.type, tenant_id=event.tenant_id, things=len(things))
    return True


def _body(event: Envelope, things: Sequence[Any], of: str) -> str:
    """The event as the bus sends it, which names the part."""
    again = replace(event, data={**event.data, PART: list(things), **({OF: of} if of else {})})
    return json.dumps({"detail-type": event.type, "detail": again.detail()})


def _calls(bodies: Sequence[str]) -> Iterator[list[str]]:
    call: list[str] = []
    for body in bodies:
        if call and (len(call) == MESSAGES or sum(map(len, (*call, body))) > BYTES):
            yield call
            call = []
        call.append(body)
    yield call
