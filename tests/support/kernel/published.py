"""Records of the stream for the publisher: events of a box, and webhooks as the inbox stores them."""

import json

import boto3

from support.stream_events import envelope, item, record
from troupe.clock import now
from troupe.messaging import inbox
from troupe.messaging.inbox import Webhook
from troupe.store import table


def events(number, size=0):
    return [envelope("box", "b", n, "filled", with_what="x" * size) for n in range(1, number + 1)]


def records(made):
    return [record(item(each), number) for number, each in enumerate(made, start=1)]


def versions(bus):
    return [json.loads(entry["Detail"])["version"] for entry in bus.taken]


def webhook(event_id="evt_1", **more):
    given = {"source": "shop", "event_id": event_id, "group": "acct_1", "body": "{}", "received_at": now()}
    return Webhook(**given | more)


def stored(number, **more):
    given = webhook(**more)
    inbox.store(given)
    key = {"PK": {"S": f"@#INBOX#{given.source}#{given.event_id}"}, "SK": {"S": "INBOX"}}
    return record(table.client().get_item(TableName="t", Key=key)["Item"], number)


def received(url):
    found = boto3.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    )
    return found.get("Messages", [])
