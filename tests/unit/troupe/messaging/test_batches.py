import pytest

from support.spec import LAMBDA
from support.stream_events import failed, message
from troupe.messaging.batches import Batch, consumer


def refuse(what):
    if what == "bad":
        raise ValueError(what)
    return what.upper()


@pytest.mark.parametrize("at", range(3))
def test_one_message_fails_and_the_others_pass(at):
    bodies = ["a", "b", "c"]
    bodies[at] = "bad"
    seen = []

    def act(body):
        seen.append(refuse(body))

    records = [message(f'"{body}"', f"m{n}") for n, body in enumerate(bodies)]
    assert failed(consumer(act)({"Records": records}, LAMBDA)) == [f"m{at}"]
    assert seen == [body.upper() for body in bodies if body != "bad"]


def test_what_is_no_json_fails_alone():
    records = [message("{", "m1"), message('"ok"', "m2")]
    assert failed(consumer(refuse)({"Records": records}, LAMBDA)) == ["m1"]


def test_a_failure_holds_the_rest_of_its_group_back_and_no_other():
    bodies = [("g", "a"), ("g", "bad"), ("h", "b"), ("g", "c"), ("h", "d")]
    records = [message(f'"{body}"', f"m{n}", group) for n, (group, body) in enumerate(bodies)]
    seen = []
    assert failed(consumer(lambda body: seen.append(refuse(body)))({"Records": records}, LAMBDA)) == [
        "m1",
        "m3",
    ]
    assert seen == ["A", "B", "D"]


def test_a_second_pass_leaves_out_what_failed_in_the_first():
    pending = Batch({"Records": [message('"bad"', "m1"), message('"ok"', "m2")]})
    assert pending.each(refuse) == {"m2": "OK"}
    assert pending.each(lambda body: body) == {"m2": "ok"}
    pending.fail("m2", ValueError("later"))
    assert pending.each(lambda body: body) == {}
    assert failed(pending.answer()) == ["m1", "m2"]


def test_the_log_tells_which_message_failed_and_of_what(caplog):
    consumer(refuse)({"Records": [message('"bad"', "m1")]}, LAMBDA)
    failure, summary = caplog.records
    assert (failure.message, failure.message_id, failure.exc_info[0]) == ("message_failed", "m1", ValueError)
    assert (summary.message, summary.messages, summary.failed) == ("batch_consumed", 1, 1)
