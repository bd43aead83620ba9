"""A stream of very many events, put into moto's table past its interface, which takes a millisecond for each."""

import json
from copy import copy

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item

from support.kernel.box import BOX, Box
from support.kernel.stored_box import SCOPE
from support.spec import TENANT
from support.stream_events import NOON
from troupe.domain.instants import rfc3339
from troupe.ids import new_id
from troupe.store import keys
from troupe.store.aggregates import Stored, state_item
from troupe.store.attributes import pack

ACCOUNT, REGION = "123456789012", "eu-west-1"


def long_stream(box_id: str, length: int) -> None:
    """A box that is made, and thrown away and taken back again and again; its state says what it is."""
    pk = keys.aggregate(TENANT, BOX.name, box_id)
    table = dynamodb_backends[ACCOUNT][REGION].tables["t"]
    rows = table.items[pk_type := DynamoType({"S": pk})]
    usual = pack(
        {
            "PK": pk,
            "id": new_id(),
            "tenant_id": TENANT,
            "context": "kernel",
            "aggregate": BOX.name,
            "aggregate_id": box_id,
            "occurred_at": rfc3339(NOON),
            "actor": "ann",
            "correlation_id": "c",
            "schema_version": 1,
        }
    )
    first = _item(usual, "box.made", {"name": "blue"})
    others = _item(usual, "box.taken_back", {}), _item(usual, "box.thrown_away", {"at": rfc3339(NOON)})
    for version in range(1, length + 1):
        sk = DynamoType({"S": keys.event(version)})
        event = copy(first if version == 1 else others[version % 2])
        event.range_key, event.attrs = (
            sk,
            {**event.attrs, "SK": sk, "version": DynamoType({"N": str(version)})},
        )
        rows[sk] = event
    stands = Stored(id=box_id, version=length, state=Box(name="blue"))
    rows[DynamoType({"S": keys.STATE})] = Item(
        pk_type, DynamoType({"S": keys.STATE}), pack(state_item(BOX, SCOPE.context, stands))
    )


def _item(usual: dict, name: str, data: dict) -> Item:
    attributes = {**usual, **pack({"type": name, "data": json.dumps(data), "SK": "?", "version": 0})}
    return Item(DynamoType(usual["PK"]), DynamoType({"S": "?"}), attributes)
