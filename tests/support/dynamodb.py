"""What the table of a test holds, and what is asked of it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import boto3

from troupe.store import keys, personal, table
from troupe.store.attributes import unpack
from troupe.store.envelope import Envelope


def stored_items() -> list[dict]:
    """All that the table holds, but for the counts of strangers by where they come from."""
    return [item for item in all_items() if not item["PK"].startswith("@#TALLY#SOURCE#")]


def all_items() -> list[dict]:
    pages = boto3.client("dynamodb").get_paginator("scan").paginate(TableName="t", ConsistentRead=True)
    return [unpack(item) for page in pages for item in page["Items"]]


def stored_events(*types: str) -> list[Envelope]:
    """The events in the table, of these types or all, in the order of their ids, with what is personal."""
    return personal.opened(published_events(*types))


def published_events(*types: str) -> list[Envelope]:
    """The same as they go to the bus."""
    found = [
        Envelope.of({**item, "data": json.loads(item["data"])})
        for item in stored_items()
        if item["SK"].startswith(keys.EVENT)
    ]
    return sorted((each for each in found if not types or each.type in types), key=lambda each: each.id)


@contextmanager
def round_trips() -> Iterator[list[str]]:
    """The calls to DynamoDB that are made inside."""
    made: list[str] = []

    def note(model, **_):
        made.append(model.name)

    events = table.client().meta.events
    events.register("before-call.dynamodb", note)
    try:
        yield made
    finally:
        events.unregister("before-call.dynamodb", note)


@contextmanager
def before_next_write(act: Callable[[], object]) -> Iterator[None]:
    """Act between the next command's read and its write."""
    events = table.client().meta.events
    event = "before-call.dynamodb.TransactWriteItems"

    def strike(**_):
        events.unregister(event, strike)
        act()

    events.register(event, strike)
    yield
