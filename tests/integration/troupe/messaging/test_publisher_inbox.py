"""The publisher and webhooks: a pointer to each goes to the queue of its source."""

import json

from support.kernel.published import events, received, records, stored
from support.stream_events import item, record
from troupe.messaging.publisher import publish


def test_a_stored_webhook_becomes_a_pointer_in_the_queue_of_its_source(queue):
    assert publish([stored(1)]) is None
    (message,) = received(queue)
    assert json.loads(message["Body"]) == {"source": "shop", "event_id": "evt_1"}
    attributes = message["Attributes"]
    assert (attributes["MessageGroupId"], attributes["MessageDeduplicationId"]) == ("acct_1", "evt_1")


def test_again_it_is_no_second_message(queue):
    again = stored(1)
    publish([again, again])
    publish([again])
    assert len(received(queue)) == 1


def test_what_is_ignored_is_not_sent(queue):
    assert publish([stored(1, ignored="wrong_livemode")]) is None
    assert received(queue) == []


def test_events_and_webhooks_each_go_their_way(bus, queue):
    took = bus()
    mixed = [*records(events(2)), stored(3), *(record(item(each), 4) for each in events(1))]
    assert publish(mixed) is None
    assert len(took.taken) == 3
    assert len(received(queue)) == 1


def test_a_source_without_a_queue_holds_no_other_up(queue, bucket):
    assert publish([stored(1), stored(7, source="nobody"), stored(8, event_id="evt_2")]) is None
    assert [len(received(queue)), list(bucket())] == [2, ["aside/7.json"]]


def test_a_pointer_that_the_queue_refuses(queue, monkeypatch):
    class Refusing:
        def send_message_batch(self, **_given):
            return {"Failed": [{"Id": "1", "Code": "InternalError"}]}

    monkeypatch.setattr("troupe.messaging.inbox_queue.sqs", Refusing)
    assert publish([stored(1), stored(2, event_id="evt_2")]) == "2"
