"""Events as the table, the stream and a queue show them, and a read model over them for the kernel's tests."""

import json
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import SimpleNamespace

from support.spec import TENANT
from troupe.domain.decider import Listing
from troupe.ids import new_id
from troupe.projection.view import Increment, Part, Place, Source, Tombstone, View, daily
from troupe.store import keys, table
from troupe.store.attributes import pack
from troupe.store.envelope import Envelope

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


def envelope(
    kind: str, stream: str, version: int, action: str, *, tenant_id: str = TENANT, at: datetime = NOON, **data
) -> Envelope:
    return Envelope(
        id=new_id(),
        type=f"{kind}.{action}",
        tenant_id=tenant_id,
        aggregate=kind,
        aggregate_id=stream,
        version=version,
        occurred_at=at.isoformat().replace("+00:00", "Z"),
        actor="ann",
        correlation_id="c",
        schema_version=1,
        data=data,
    )


def happened(*args, **more) -> Envelope:
    """An event that the table has."""
    event = envelope(*args, **more)
    table.client().put_item(TableName="t", Item=item(event))
    return event


def item(event: Envelope) -> dict:
    key = {"PK": keys.aggregate(event.tenant_id, event.aggregate, event.aggregate_id)}
    more = {"SK": keys.event(event.version), "context": "shop", "data": json.dumps(event.data)}
    return pack({**event.detail(), **key, **more})


def record(image: dict, number: int = 1, name: str = "INSERT") -> dict:
    """A record of the stream."""
    stored = {
        "Keys": {"PK": image["PK"], "SK": image["SK"]},
        "SequenceNumber": str(number),
        "NewImage": image,
    }
    return {"eventID": str(number), "eventName": name, "dynamodb": stored}


def message(body: object, message_id: str | None = None, group: str | None = None) -> dict:
    attributes = {"MessageGroupId": group} if group else {}
    text = body if isinstance(body, str) else json.dumps(body)
    return {"messageId": message_id or new_id(), "body": text, "attributes": attributes}


def batch(*envelopes: Envelope) -> dict:
    """What a function behind a queue of the bus receives; a message's id tells its version."""
    bodies = ({"detail-type": each.type, "detail": each.detail()} for each in envelopes)
    pairs = zip(envelopes, bodies, strict=True)
    return {
        "Records": [
            message(body, f"{each.aggregate}-{each.version}-{n}") for n, (each, body) in enumerate(pairs)
        ]
    }


def failed(answer: dict) -> list[str]:
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def lambda_context(milliseconds: int = 60_000) -> SimpleNamespace:
    return SimpleNamespace(aws_request_id="r1", get_remaining_time_in_millis=lambda: milliseconds)


# A read model: cards of boxes, fed by the boxes and by their tags, and what happened by day.


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    name: str
    contents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    text: str
    weight: float = 0.5


def project_box(was: Part[Card], event: Envelope) -> Part[Card]:
    match was, event.type:
        case _, "box.made":
            return Card(name=event.data["name"])
        case Card(), "box.filled":
            return replace(was, contents=(*was.contents, event.data["with_what"]))
        case Card(), "box.poisoned":
            raise ValueError("poison")
        case Card(), "box.thrown_away":
            return Tombstone(kept=was)
        case Tombstone(kept=Card() as kept), "box.taken_back":
            return kept
        case Card(), "box.burnt":
            return Tombstone()
        case _:
            return was


def project_tag(was: Part[Tag], event: Envelope) -> Part[Tag]:
    return Tag(text=event.data["text"]) if event.type == "tag.written" else was


def shelf(event: Envelope) -> Place:
    return Place(parts=(event.aggregate_id,), sort="CARD")


def count(event: Envelope, at: datetime):
    if event.type in {"box.made", "box.filled"}:
        yield daily(at.date(), event.type.removeprefix("box."))
    if event.type == "box.filled":
        yield Increment(place=shelf(event), field="fills")
    if event.type == "box.miscounted":
        raise ValueError("cannot be counted")


BOXES = Source[Card](
    kind="box",
    shape=Card,
    place=shelf,
    project=project_box,
    listed=lambda card: Listing(
        collection=("ALL", card.name), queue=("FULL", card.name), summary={"name": card.name}
    ),
)
TAGS = Source[Tag](kind="tag", shape=Tag, place=shelf, project=project_tag, named="label")
SHELF = View(name="shelf", sources=(BOXES, TAGS), count=count)


def box_life(box: str, length: int, tenant_id: str = TENANT, seed: int = 0) -> list[Envelope]:
    """A stream of the given length: made, then any further events."""
    dice = random.Random(seed)
    events = [happened("box", box, 1, "made", tenant_id=tenant_id, name=f"box {box}")]
    for version in range(2, length + 1):
        action = dice.choice(["filled", "filled", "thrown_away", "taken_back", "unknown", "burnt", "made"])
        more = {"filled": {"with_what": f"thing {version}"}, "made": {"name": f"box {box} again"}}
        events.append(happened("box", box, version, action, tenant_id=tenant_id, **more.get(action, {})))
    return events


def rows(tenant_id: str = TENANT, view: str = "shelf") -> dict[tuple[str, str], dict]:
    """All that a generation holds of a tenant, without the name of the generation in it."""
    found = table.client().get_paginator("scan").paginate(TableName="t")
    mine = f"{tenant_id}#{view.upper()}#"
    return {
        (each["PK"]["S"].removeprefix(mine), each["SK"]["S"]): {
            name: {"S": value["S"].replace(mine, "")} if name.startswith("GSI") else value
            for name, value in each.items()
            if name not in {"PK", "SK"}
        }
        for page in found
        for each in page["Items"]
        if each["PK"]["S"].startswith(mine)
    }
