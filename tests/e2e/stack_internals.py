"""Behind the stage of a deployed stack, with the rights of root: what no caller sees, to be broken and mended by hand."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from demo.api import wait_for
from local.stack.resources import resources_of
from local.stack.stack import Stack
from troupe.ids import new_id
from troupe.projection.generations import physical
from troupe.store import keys
from troupe.store.attributes import pack, unpack
from troupe.store.envelope import Envelope
from troupe.store.keys import Key

INBOUND, DEAD, MAILS = "Identity/InboundQueue", "Identity/InboundQueueDead", "Identity/MailQueue"
WAITING = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")

type Item = dict[str, Any]  # as DynamoDB has it: attribute name -> one-key attribute value


class FunctionError(Exception):
    """A function that was invoked by hand raised; what it said."""


def event_after(stored: Item, version: int, kind: str, data: Mapping[str, Any] | str) -> Item:
    """Another event of the stream that `stored` is an event of, without anything encrypted.

    Data that is no JSON is taken as it is.
    """
    text = data if isinstance(data, str) else json.dumps(data)
    more = {"SK": f"EVENT#{version:012}", "id": new_id(), "version": version, "type": kind, "data": text}
    return {name: value for name, value in stored.items() if name != "personal"} | pack(more)


def message(item: Item) -> str:
    """An event as the bus puts it into a queue."""
    envelope = Envelope.of_item(item)
    return json.dumps({"detail-type": envelope.type, "detail": envelope.detail()})


def bare(rows: Mapping[Key, Item]) -> dict[tuple[str, ...], Item]:
    """Rows without the generation that they are of."""
    return {
        (tenant_id, *parts, key.sk): {name: item[name] for name in item.keys() - {"PK", "SK"}}
        for key, item in rows.items()
        for tenant_id, _, *parts in [key.pk.split("#")]
    }


@dataclass(frozen=True)
class Backstage:
    stack: Stack

    @cached_property
    def _names(self) -> dict[str, str]:
        found = resources_of(self.stack.client("cloudformation"), self.stack.stack_name)
        return {one.name: one.physical_id for one in found}

    def physical(self, name: str) -> str:
        """What a resource is called in the account."""
        return self._names[name]

    @cached_property
    def _table(self) -> Any:
        return self.stack.client("dynamodb")

    @cached_property
    def sqs(self) -> Any:
        return self.stack.client("sqs")

    @cached_property
    def s3(self) -> Any:
        return self.stack.client("s3")

    # The table.

    def item(self, key: Key) -> Item | None:
        at = pack({"PK": key.pk, "SK": key.sk})
        return self._table.get_item(TableName=self.stack.table_name, Key=at, ConsistentRead=True).get("Item")

    def put(self, item: Item) -> Item:
        self._table.put_item(TableName=self.stack.table_name, Item=item)
        return item

    def change(self, key: Key, **values: Any) -> None:
        """Write some attributes over."""
        found = self.item(key)
        assert found, key
        self.put({**found, **pack(values)})

    def remove(self, items: Iterable[Item]) -> None:
        for each in items:
            self._table.delete_item(
                TableName=self.stack.table_name, Key={name: each[name] for name in ("PK", "SK")}
            )

    def items(self, start: str = "", part: str = "#") -> dict[Key, Item]:
        """Everything in the partitions whose keys start like this, and have this in them."""
        pages = self._table.get_paginator("scan").paginate(
            TableName=self.stack.table_name,
            ConsistentRead=True,
            FilterExpression="begins_with(PK, :start) AND contains(PK, :part)",
            ExpressionAttributeValues=pack({":start": start, ":part": part}),
        )
        return {Key(item["PK"]["S"], item["SK"]["S"]): item for page in pages for item in page["Items"]}

    def events(self, tenant_id: str, kind: str = "") -> list[Item]:
        """What happened in a tenant, in the order of the ids."""
        found = self.items(f"{tenant_id}#").values()
        chosen = [
            each
            for each in found
            if each["SK"]["S"].startswith("EVENT#") and each["type"]["S"].startswith(kind)
        ]
        return sorted(chosen, key=lambda each: each["id"]["S"])

    # Read models.

    def generation(self, view: str) -> dict[str, Any]:
        """How a read model stands: `phase`, `live`, `other`, ..."""
        return unpack(self.item(keys.generation(view)) or pack({"phase": "settled", "live": 1, "other": 0}))

    def rows(self, view: str, tenant_id: str = "", generation: int | None = None) -> dict[Key, Item]:
        """The rows of a read model, of all tenants or of one; by default those of the live generation."""
        named = physical(view, generation or self.generation(view)["live"]).upper()
        found = self.items(f"{tenant_id}#" if tenant_id else "", f"#{named}#")
        return {key: item for key, item in found.items() if key.pk.split("#")[1] == named}

    def marks(self, view: str, tenant_id: str) -> dict[Key, Item]:
        """The marks of what the live generation has counted."""
        named = physical(view, self.generation(view)["live"]).upper()
        return self.items(f"{tenant_id}#COUNTED#{named}#")

    # Queues and functions.

    def url(self, queue: str) -> str:
        return self.physical(queue)

    def waiting(self, queue: str) -> int:
        """How many messages are in a queue or under way from it."""
        given = {"QueueUrl": self.url(queue), "AttributeNames": list(WAITING)}
        found = self.sqs.get_queue_attributes(**given)["Attributes"]
        return sum(int(found[name]) for name in WAITING)

    def drained(self, queue: str = INBOUND) -> None:
        wait_for(f"the end of {queue}", lambda: self.waiting(queue) == 0)

    def send(self, bodies: Iterable[str], queue: str = INBOUND) -> None:
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.url(queue), MessageBody=body)

    def shown(self, queue: str = DEAD) -> list[Any]:
        """The bodies of a queue's messages, which stay there."""
        given = {"QueueUrl": self.url(queue), "MaxNumberOfMessages": 10, "VisibilityTimeout": 0}
        return [json.loads(each["Body"]) for each in self.sqs.receive_message(**given).get("Messages", [])]

    def invoke(self, function: str, **event: Any) -> Any:
        answer = self.stack.client("lambda").invoke(
            FunctionName=self.physical(function), Payload=json.dumps(event)
        )
        said = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise FunctionError(said)
        return said

    def sweep(self, function: str, kind: str, since: datetime) -> Any:
        """Have a sweeper look at what fell due since then: after days that were travelled it looks too long."""
        key = keys.swept(kind)
        self.put(pack({"PK": key.pk, "SK": key.sk, "upto": int(since.timestamp())}))
        return self.invoke(function)

    def renew(self, function: str) -> None:
        """Have the function start anew: what its environments hold is forgotten."""
        functions, name = self.stack.client("lambda"), self.physical(function)
        as_it_is = functions.get_function_configuration(FunctionName=name)["Environment"]
        functions.update_function_configuration(FunctionName=name, Environment=as_it_is)
        functions.get_waiter("function_updated_v2").wait(FunctionName=name)

    # The bucket of what cannot be published.

    @property
    def bucket(self) -> str:
        return self.physical("Failures")

    def set_aside(self) -> dict[str, dict[str, Any]]:
        """What the publisher set aside: by its key, the record and the reason."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        names = [each["Key"] for page in pages for each in page.get("Contents", [])]
        return {name: json.loads(self._object(name)) for name in names}

    def _object(self, name: str) -> bytes:
        return self.s3.get_object(Bucket=self.bucket, Key=name)["Body"].read()


@dataclass
class Tap:
    """A queue of our own on the bus, and what it has heard so far, in order."""

    sqs: Any
    url: str
    heard: list[Mapping[str, Any]] = field(default_factory=list)

    def listen(self) -> list[Mapping[str, Any]]:
        asked = {"QueueUrl": self.url, "MaxNumberOfMessages": 10}
        while found := self.sqs.receive_message(**asked).get("Messages", []):
            for each in found:
                self.heard.append(json.loads(each["Body"])["detail"])
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=each["ReceiptHandle"])
        return self.heard

    def versions(self, kind: str, aggregate_id: str) -> list[int]:
        """What was published of a stream, in that order."""
        stream = kind, aggregate_id
        return [
            each["version"] for each in self.listen() if (each["aggregate"], each["aggregate_id"]) == stream
        ]
