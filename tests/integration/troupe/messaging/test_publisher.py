"""The publisher: from the stream to the bus and to the queues of the inbox, in order, and stopping at a failure."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import stream_events
from support.kernel.box import BOX, MAKE, fill
from support.kernel.published import events, records, versions
from support.spec import LAMBDA, NOON, TENANT
from support.stream_events import envelope, item, record
from troupe.aws import clients
from troupe.domain.decider import Decider
from troupe.ids import new_id
from troupe.messaging.publisher import MOST_BYTES, publish
from troupe.store import table, transact
from troupe.store.aggregates import Ref
from troupe.store.envelope import Envelope
from troupe.store.scope import Scope


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
        kept = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        table.client().update_table(TableName="t", StreamSpecification=kept)
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

    def test_a_bus_that_cannot_be_reached_is_waited_for(self, bus):
        bus(unreachable={1})
        assert publish(records(events(30))) == "11"

    def test_a_call_that_fails_fails_from_its_first_record(self, bus):
        took = bus(broken={1})
        assert publish(records(events(30))) == "11"
        assert versions(took) == list(range(1, 11))

    def test_an_outage_is_waited_for_and_sets_nothing_aside(self, bus, bucket):
        """Kernel finding: five failed calls of PutEvents set a hundred healthy events aside."""
        took = bus(broken=set(range(50)))
        pending = records(events(100))
        assert [publish(pending) for _ in range(50)] == ["1"] * 50
        assert publish(pending) is None
        assert (versions(took), bucket()) == (list(range(1, 101)), {})


class TestPoison:
    """What can never be sent holds nothing up: it is set aside with its reason, and the rest goes on."""

    def test_a_record_that_cannot_be_read(self, bus, bucket):
        took = bus()
        made = records(events(5))
        del made[2]["dynamodb"]["NewImage"]["type"]
        assert publish(made) is None
        assert versions(took) == [1, 2, 4, 5]
        ((key, kept),) = bucket().items()
        assert (key, kept["reason"], kept["record"]) == ("aside/3.json", "unreadable: TypeError", made[2])

    def test_an_event_that_is_larger_than_the_bus_takes(self, bus, bucket):
        took = bus()
        made = records(
            [*events(1), envelope("box", "b", 2, "filled", with_what="x" * MOST_BYTES), *events(1)]
        )
        assert publish(made) is None
        assert len(took.taken) == 2
        assert {key: each["reason"] for key, each in bucket().items()} == {"aside/2.json": "too_large"}

    def test_an_entry_that_the_bus_refuses_for_what_it_is(self, bus, bucket):
        took = bus(malformed={1})
        assert publish(records(events(3))) is None
        assert versions(took) == [1, 3]
        assert bucket()["aside/2.json"]["reason"] == "refused: MalformedDetail"

    def test_a_call_that_is_refused_for_one_of_its_entries(self, bus, bucket):
        took = bus(invalid={4})
        assert publish(records(events(5))) is None
        assert versions(took) == [1, 2, 3, 5]
        assert {key: each["reason"] for key, each in bucket().items()} == {
            "aside/4.json": "refused: ValidationException"
        }

    def test_with_an_outage_in_the_same_call_only_the_poison_is_set_aside(self, bus, bucket):
        bus(malformed={0}, refused={1})
        assert publish(records(events(3))) == "2"
        assert list(bucket()) == ["aside/1.json"]

    def test_again_it_is_set_aside_once(self, bus, bucket):
        bus(malformed={0, 1})
        made = records(events(1))
        assert [publish(made), publish(made)] == [None, None]
        assert list(bucket()) == ["aside/1.json"]

    def test_where_it_cannot_be_set_aside_it_comes_again(self, bus, monkeypatch):
        bus(malformed={0})
        monkeypatch.setenv("FAILURES_BUCKET", "nowhere")
        with pytest.raises(ClientError):
            publish(records(events(1)))


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
