"""What an event costs a projection: one read for its batch, one write for each row that changes."""

from datetime import timedelta

from support.dynamodb import round_trips
from support.kernel.box_projection import card, handler
from support.spec import LAMBDA, OTHER, TENANT
from support.stream_events import BOXES, NOON, SHELF, batch, envelope, failed, happened, rows
from troupe.projection import generations
from troupe.projection.projection import part, projection
from troupe.projection.view import View
from troupe.store import keys, writes
from troupe.store.commit import commit

READ, WRITE, COUNT = "BatchGetItem", "UpdateItem", "TransactWriteItems"
QUIET = View(name="quiet", sources=SHELF.sources)
keep = projection(QUIET)


def made_by(act, *events):
    with round_trips() as made:
        assert failed(act(batch(*events), LAMBDA)) == []
    return made


def test_one_event_is_one_read_and_one_write_for_each_row(table):
    event = happened("box", "b", 1, "made", name="blue")
    assert made_by(keep, event) == [READ, WRITE]
    assert made_by(projection(QUIET, View(name="quieter", sources=(BOXES,))), event) == [READ, WRITE]


def test_what_is_not_newer_is_read_alone(table):
    event = happened("box", "b", 1, "made", name="blue")
    keep(batch(event), LAMBDA)
    assert made_by(keep, event) == [READ]


def test_what_feeds_and_adds_nothing_costs_nothing(table):
    assert made_by(handler, happened("bag", "b", 1, "made")) == []


def test_what_is_counted_is_read_with_the_rest(table):
    """The clocks of the tenant too, in the one read; what adds nothing asks for no clock."""
    commit([writes.put(keys.standing(TENANT), {"zone": "Asia/Tokyo"})])
    late = NOON.replace(hour=23)
    assert made_by(handler, happened("box", "b", 1, "made", at=late, name="blue")) == [READ, WRITE, COUNT]
    (day,) = [sort for (_, sort), row in rows().items() if "made" in row]
    assert day == (late + timedelta(days=1)).date().isoformat()
    assert made_by(handler, happened("box", "b", 2, "unknown")) == [READ, WRITE]


def test_a_batch_is_one_read_and_a_row_is_carried_from_event_to_event(table):
    fills = [happened("box", "b", n, "filled", with_what=f"thing {n}") for n in range(2, 6)]
    events = [
        happened("box", "b", 1, "made", name="blue"),
        *fills,
        happened("tag", "b", 1, "written", text="x"),
    ]
    others = [happened("box", f"b{n}", 1, "made", tenant_id=OTHER, name="red") for n in range(4)]
    assert made_by(keep, *events, *others) == [READ, *[WRITE] * 10]
    row = rows(view="quiet")["b", "CARD"]
    assert (row["box_version"], row["label_version"]) == ({"N": "5"}, {"N": "1"})


def test_missing_versions_cost_a_query_and_the_last_write_is_what_later_events_start_from(table):
    events = [happened("box", "b", 1, "made", name="blue")]
    events += [happened("box", "b", n, "filled", with_what=str(n)) for n in range(2, 5)]
    assert made_by(keep, events[2], events[3], events[0]) == [READ, "Query", WRITE, WRITE]


def test_more_rows_than_one_read_asks_for(table):
    events = [happened("box", f"b{n}", 1, "made", name="blue") for n in range(102)]
    assert made_by(keep, *events)[:3] == [READ, READ, WRITE]


def test_while_a_generation_is_filled_it_is_read_along(table):
    """Which generations are written is read with the rows; another read follows only where that has changed."""
    generations.change("quiet", generations.of("quiet"), phase="filling", other=2)
    event = happened("box", "b", 1, "made", name="blue")
    assert made_by(keep, event) == [READ, READ, WRITE, WRITE]
    assert made_by(keep, happened("box", "c", 1, "made", name="red")) == [READ, WRITE, WRITE]


def test_a_row_that_fails_is_read_again_by_the_next_event(table):
    good = happened("box", "b", 1, "made", name="blue")
    poison = envelope("box", "b", 2, "poisoned")
    with round_trips() as made:
        assert failed(handler(batch(good, poison, good), LAMBDA)) == ["box-2-1"]
    assert made.count(WRITE) == 1
    assert part(BOXES, card()).name == "blue"


def test_the_generations_are_read_again_after_some_seconds(table, monkeypatch):
    keep(batch(happened("box", "b", 1, "made", name="blue")), LAMBDA)
    assert generations.unread(["quiet"])[0] == {}
    monkeypatch.setattr(generations, "WRITTEN_HELD_SECONDS", 0)
    assert generations.unread(["quiet"])[0] == {"quiet": keys.generation("quiet")}
