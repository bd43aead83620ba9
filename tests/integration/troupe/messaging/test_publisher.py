"""The publisher: from the stream to the bus and to the queues of the inbox, in order, and stopping at a failure."""

import json
from functools import cache
from itertools import count

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import stream_events
from support.kernel.box import BOX, MAKE, fill
from support.spec import LAMBDA, NOON, TENANT
from support.stream_events import envelope, item, record
from troupe.aws import clients
from troupe.clock import now
from troupe.domain.decider import Decider
from troupe.ids import new_id
from troupe.messaging import inbox
from troupe.messaging.inbox import Webhook
from troupe.messaging.publisher import MOST_BYTES, publish
from troupe.store import table, transact
from troupe.store.aggregates import Ref
from troupe.store.envelope import Envelope
from troupe.store.scope import Scope


class Events:
    """The bus, of which a script says what goes wrong: entries by their place in all that were ever sent, or calls."""

    def __init__(self, refused=(), broken=()):
        self.refused, self.broken, self.taken, self.calls = set(refused), set(broken), [], []
        self.places = count()

    def put_events(self, Entries):  # noqa: N803 -- so is it called
        self.calls.append(Entries)
        if len(self.calls) - 1 in self.broken:
            raise ClientError({"Error": {"Code": "InternalException", "Message": ""}}, "PutEvents")
        numbered = list(zip(Entries, self.places, strict=False))
        results = [
            {"ErrorCode": "ThrottlingException"} if n in self.refused else {"EventId": "e"}
            for _, n in numbered
        ]
        self.taken += [entry for entry, result in zip(Entries, results, strict=True) if "EventId" in result]
        return {"FailedEntryCount": len(self.refused), "Entries": results}


@pytest.fixture
def bus(table, monkeypatch):
    def install(**script):
        bus = Events(**script)
        monkeypatch.setattr("troupe.messaging.publisher.events", cache(lambda: bus))
        return bus

    return install


@pytest.fixture
def queue(table, monkeypatch):
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="troupe-inbox-shop.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    monkeypatch.setenv("INBOX_QUEUES", url.removesuffix("shop.fifo"))
    return url


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


class TestEvents:
    def test_an_entry_carries_the_envelope(self, bus):
        took = bus()
        (event,) = events(1)
        assert publish(records([event])) is None
        (entry,) = took.taken
        assert (entry["EventBusName"], entry["Source"], entry["DetailType"]) == (
            "troupe",
            "troupe.shop",
            "box.filled",
        )
        assert Envelope.of(json.loads(entry["Detail"])) == event
        assert entry["Time"] == stream_events.NOON

    def test_moto_s_bus_takes_it(self, table, monkeypatch):
        boto3.client("events").create_event_bus(Name="troupe")
        assert publish(records(events(3))) is None

    def test_what_a_command_commits_reaches_the_bus(self, bus):
        """Through moto's own stream: what the store writes is what the publisher reads."""
        took = bus()
        scope = Scope(context=NOON, correlation_id="c")
        box = new_id()
        transact.execute(scope, Ref(decider=BOX, id=box, creates=True), MAKE)
        transact.execute(scope, Ref(decider=BOX, id=box), fill("sand"))
        assert publish(stream()) is None
        assert [entry["DetailType"] for entry in took.taken] == ["box.made", "box.filled"]
        assert {entry["Source"] for entry in took.taken} == {"troupe.support"}
        assert versions(took) == [1, 2]

    def test_other_changes_ask_for_nothing(self, bus):
        took = bus()
        state = {"PK": {"S": f"{TENANT}#BOX#b"}, "SK": {"S": "STATE"}}
        (event,) = events(1)
        assert (
            publish([record(state, 1), record(item(event), 2, "REMOVE"), record(item(event), 3, "MODIFY")])
            is None
        )
        assert took.calls == []

    def test_ten_entries_a_call(self, bus):
        took = bus()
        publish(records(events(25)))
        assert [len(call) for call in took.calls] == [10, 10, 5]
        assert versions(took) == list(range(1, 26))

    def test_a_call_stays_below_its_size(self, bus):
        took = bus()
        publish(records(events(5, 100_000)))
        assert [len(call) for call in took.calls] == [2, 2, 1]
        assert all(sum(len(entry["Detail"]) for entry in call) < MOST_BYTES for call in took.calls)

    def test_letters_count_as_bytes_and_not_as_escapes(self, bus):
        took = bus()
        publish(records([envelope("box", "b", 1, "filled", with_what="ö" * 60_000)]))
        assert len(took.taken[0]["Detail"]) < 61_000

    def test_the_kernel_s_own_aggregates_are_the_kernel_s(self):
        from identity.user.decider import USER
        from troupe.security.credential import CREDENTIAL

        assert (CREDENTIAL.context, USER.context, BOX.context) == ("kernel", "identity", "support")
        assert isinstance(USER, Decider)


class TestFailures:
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(
        number=st.integers(0, 32),
        refused=st.sets(st.integers(0, 40), max_size=6),
        broken=st.sets(st.integers(0, 3), max_size=2),
    )
    def test_from_the_first_failure_on_all_comes_again_until_each_was_sent(
        self, bus, number, refused, broken
    ):
        """S-56 of commerce, as Lambda does it: deliver again from the reported record on. Nothing is lost."""
        took = bus(refused=refused, broken=broken)
        pending = records(events(number))
        for _ in range(len(refused) + len(broken) + 1):
            failed = publish(pending)
            sent = set(versions(took))
            if failed is None:
                break
            assert all(int(each["eventID"]) in sent for each in pending if int(each["eventID"]) < int(failed))
            pending = [each for each in pending if int(each["eventID"]) >= int(failed)]
        assert failed is None
        assert sorted(set(versions(took))) == list(range(1, number + 1))

    def test_it_stops_after_the_call_in_which_one_failed(self, bus):
        took = bus(refused={12})
        assert publish(records(events(30))) == "13"
        assert len(took.calls) == 2

    def test_a_call_that_fails_fails_from_its_first_record(self, bus):
        took = bus(broken={1})
        assert publish(records(events(30))) == "11"
        assert versions(took) == list(range(1, 11))

    def test_poison_stops_what_comes_after_and_nothing_before(self, bus):
        took = bus()
        made = records(events(5))
        del made[2]["dynamodb"]["NewImage"]["type"]
        assert publish(made) == "3"
        assert versions(took) == [1, 2]
        assert publish(made[2:]) == "3"
        assert publish(made[3:]) is None
        assert versions(took) == [1, 2, 4, 5]

    def test_a_failure_before_the_poison_is_the_one_that_counts(self, bus):
        bus(refused={0})
        made = records(events(3))
        del made[2]["dynamodb"]["NewImage"]["type"]
        assert publish(made) == "1"


class TestInbox:
    def test_a_stored_webhook_becomes_a_pointer_in_the_queue_of_its_source(self, queue):
        assert publish([stored(1)]) is None
        (message,) = received(queue)
        assert json.loads(message["Body"]) == {"source": "shop", "event_id": "evt_1"}
        attributes = message["Attributes"]
        assert (attributes["MessageGroupId"], attributes["MessageDeduplicationId"]) == ("acct_1", "evt_1")

    def test_again_it_is_no_second_message(self, queue):
        again = stored(1)
        publish([again, again])
        publish([again])
        assert len(received(queue)) == 1

    def test_what_is_ignored_is_not_sent(self, queue):
        assert publish([stored(1, ignored="wrong_livemode")]) is None
        assert received(queue) == []

    def test_events_and_webhooks_each_go_their_way(self, bus, queue):
        took = bus()
        mixed = [*records(events(2)), stored(3), *(record(item(each), 4) for each in events(1))]
        assert publish(mixed) is None
        assert len(took.taken) == 3
        assert len(received(queue)) == 1

    def test_a_source_without_a_queue_is_a_failure(self, queue):
        assert publish([stored(1), stored(7, source="nobody"), stored(8, event_id="evt_2")]) == "7"
        assert len(received(queue)) == 1

    def test_a_pointer_that_the_queue_refuses(self, queue, monkeypatch):
        class Refusing:
            def send_message_batch(self, **_given):
                return {"Failed": [{"Id": "1", "Code": "InternalError"}]}

        monkeypatch.setattr("troupe.messaging.inbox_queue.sqs", Refusing)
        assert publish([stored(1), stored(2, event_id="evt_2")]) == "2"


def stream():
    """What moto's stream of the table shows, as Lambda would deliver it."""
    streams = boto3.client("dynamodbstreams")
    arn = table.client().describe_table(TableName="t")["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")
    return streams.get_records(ShardIterator=start["ShardIterator"])["Records"]


def test_the_entry_point_reports_the_number(bus):
    from root.publisher import handler

    bus(refused={1})
    assert handler({"Records": records(events(3))}, LAMBDA) == {
        "batchItemFailures": [{"itemIdentifier": "2"}]
    }
    assert handler({"Records": records(events(3))}, LAMBDA) == {"batchItemFailures": []}


def test_clients_are_made_once(aws):
    assert clients.events() is clients.events()
    assert clients.s3() is clients.s3()
