"""A kind folded again from its events: whole, in slices, beside commands, and never what a newer release wrote."""

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from support.kernel.box import BOX, MAKE, Box, fill
from support.kernel.newer_box import NEWER_BOX, Paint
from support.kernel.newer_box import Box as NewerBox
from support.kernel.stored_box import BOX_ID, NEW, SCOPE, THE_BOX
from support.spec import TENANT
from support.stream_events import happened
from troupe.ids import new_id
from troupe.store import history, reads, scans, writes
from troupe.store.aggregates import Ref, Stored, put_state, state_item
from troupe.store.commit import commit
from troupe.store.refold import placed, refold
from troupe.store.transact import execute, load

START = {"kind": "box", "start": True}
THE_NEWER_BOX = Ref(decider=NEWER_BOX, id=BOX_ID)


def job(event, decider=BOX, steps=10**6) -> Any:
    """Run the job until it has asked so many times how much time is left."""
    left = iter(range(steps))
    milliseconds = lambda: 60_000 if next(left, None) is not None else 0  # noqa: E731 -- a clock
    return refold(decider)(event, SimpleNamespace(get_remaining_time_in_millis=milliseconds))


def whole(decider=BOX, steps=10**6) -> dict[str, int]:
    """Call after call until it is done: what became of the aggregates, and how many calls it took."""
    report = job(START, decider, steps)
    sums = {name: report[name] for name in ("unchanged", "written", "newer", "failed")}
    calls = 1
    while not report["done"]:
        report = job({"kind": "box"}, decider, steps)
        sums = {name: count + report[name] for name, count in sums.items()}
        calls += 1
        assert calls < 200
    return {**sums, "calls": calls}


def overwrite(**values: Any) -> None:
    names = {f"#{name}": name for name in values}
    expression = "SET " + ", ".join(f"#{name} = :{name}" for name in values)
    commit([writes.update(THE_BOX.key(TENANT), expression, values, names=names)])


def item() -> dict:
    return dict(reads.one(THE_BOX.key(TENANT)) or {})


def boxes(count: int) -> list[str]:
    ids = [new_id() for _ in range(count)]
    for box_id in ids:
        execute(SCOPE, Ref(decider=BOX, id=box_id, creates=True), MAKE)
    return ids


class TestFold:
    def test_what_is_as_the_events_say_is_not_written(self, table):
        boxes(3)
        assert whole() == {"unchanged": 3, "written": 0, "newer": 0, "failed": 0, "calls": 1}

    def test_what_differs_is_written_at_its_version(self, table):
        execute(SCOPE, NEW, MAKE)
        execute(SCOPE, THE_BOX, fill("sand"))
        right = item()
        overwrite(state='{"name":"lost"}', summary={"name": "lost"})
        assert whole()["written"] == 1
        assert item() == right

    def test_a_nested_field_that_was_lost_beside_an_older_release_is_there_again(self, table):
        """The older release wrote the state in between, and knows no colour inside of it."""
        execute(SCOPE, NEW, MAKE)
        execute(SCOPE, THE_NEWER_BOX, Paint(colour="red"))
        overwrite(state=item()["state"].replace("red", "plain"))
        assert whole(NEWER_BOX)["written"] == 1
        assert load(TENANT, NEWER_BOX, BOX_ID).state == NewerBox(name="blue", title="blue", colour="red")

    def test_events_of_an_older_release_are_upcast(self, table):
        boxes(2)
        assert whole(NEWER_BOX)["written"] == 2

    def test_other_kinds_are_left_alone(self, table):
        boxes(1)
        crate = replace(BOX, name="crate")
        assert refold(crate)({"kind": "crate", "start": True}, _time())["done"]
        assert whole()["unchanged"] == 1

    def test_what_a_newer_release_wrote_is_left_to_it(self, table):
        execute(SCOPE, NEW, MAKE)
        execute(SCOPE, THE_NEWER_BOX, Paint(colour="red"))
        before = item()
        assert whole()["newer"] == 1
        assert item() == before
        execute(SCOPE, THE_BOX, fill("sand"))
        assert whole()["newer"] == 1
        assert json.loads(item()["kept"])["colour"] == "red"
        assert whole(NEWER_BOX)["written"] == 1
        assert "kept" not in item()

    def test_an_event_that_only_a_newer_release_knows(self, table):
        execute(SCOPE, NEW, MAKE)
        happened("box", BOX_ID, 2, "painted", colour="red")
        overwrite(version=2)
        assert whole()["newer"] == 1

    def test_one_that_cannot_be_folded_keeps_no_other_back(self, table, log):
        execute(SCOPE, NEW, MAKE)
        overwrite(version=2)
        boxes(2)
        assert whole() == {"unchanged": 2, "written": 0, "newer": 0, "failed": 1, "calls": 1}
        assert "Gap" in log.getvalue()


class TestSlices:
    def test_one_aggregate_after_the_other(self, table, monkeypatch):
        monkeypatch.setattr(scans, "PAGE", 3)
        boxes(5)
        told = whole(NEWER_BOX, steps=1)
        assert told["written"] == 5
        assert told["calls"] >= 5

    def test_a_segment_apart(self, table):
        boxes(4)
        reports = [job({"kind": "box", "segment": number}) for number in range(4)]
        assert [report["done"] for report in reports] == [False, False, False, True]
        assert sum(report["unchanged"] for report in reports) == 4

    def test_a_stream_is_gone_on_with_where_the_time_ran_out(self, table, monkeypatch):
        long_life(table, 10)
        two_at_a_time(monkeypatch)
        told = whole(steps=1)
        assert told == {"unchanged": 0, "written": 1, "newer": 0, "failed": 0, "calls": told["calls"]}
        assert told["calls"] >= 5
        assert load(TENANT, BOX, BOX_ID).state == Box(name="blue", contents=tuple(map(str, range(2, 11))))

    def test_what_another_release_folded_halfway_is_not_gone_on_with(self, table, monkeypatch):
        long_life(table, 10)
        two_at_a_time(monkeypatch)
        job(START, steps=2)
        while not job({"kind": "box"}, NEWER_BOX)["done"]:
            pass
        assert load(TENANT, NEWER_BOX, BOX_ID).state.title == "blue"


class TestBesideCommands:
    def test_a_command_in_between_wins_and_is_folded_too(self, table, monkeypatch):
        execute(SCOPE, NEW, MAKE)
        overwrite(state='{"name":"lost"}')
        before_the_put(monkeypatch, lambda: execute(SCOPE, THE_BOX, fill("sand")), times=1)
        assert whole()["written"] == 1
        assert load(TENANT, BOX, BOX_ID) == Stored(
            id=BOX_ID, version=2, state=Box(name="blue", contents=("sand",))
        )

    def test_one_that_never_rests_is_told_of(self, table, monkeypatch):
        execute(SCOPE, NEW, MAKE)
        overwrite(state='{"name":"lost"}')
        words = iter("abcdefgh")
        monkeypatch.setattr("time.sleep", lambda _seconds: None)

        def another():
            version = load(TENANT, BOX, BOX_ID).version + 1
            happened("box", BOX_ID, version, "filled", with_what=next(words))
            overwrite(version=version)

        before_the_put(monkeypatch, another, times=10)
        assert whole()["failed"] == 1


def _time():
    return SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)


def long_life(table, length: int) -> None:
    """A box of many fillings whose state says nothing of them."""
    happened("box", BOX_ID, 1, "made", name="blue")
    for version in range(2, length + 1):
        happened("box", BOX_ID, version, "filled", with_what=str(version))
    told = state_item(BOX, SCOPE.context, Stored(id=BOX_ID, version=length, state=Box(name="blue")))
    commit([put_state(told, read=0)])


def two_at_a_time(monkeypatch) -> None:
    monkeypatch.setattr(history, "AT_ONCE", 2)


def before_the_put(monkeypatch, act, times: int) -> None:
    """Let something else happen right before the job writes a state."""
    from troupe.store import aggregates

    put, left = aggregates.put_state, iter(range(times))

    def struck(item, *, read):
        monkeypatch.setattr(aggregates, "put_state", put)
        if next(left, None) is not None:
            act()
        monkeypatch.setattr(aggregates, "put_state", struck)
        return put(item, read=read)

    monkeypatch.setattr(aggregates, "put_state", struck)


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


def test_what_goes_by_the_hour_of_its_writing_stays_as_it_was():
    stands = Stored(id=BOX_ID, version=1, state=Box(name="blue"))
    due = {**state_item(BOX, SCOPE.context, stands), "GSI2PK": "@#DUE#box#now#3", "GSI2SK": "noon"}
    item = {**due, "GSI2PK": "@#DUE#box#then#3", "expires_at": 1}
    assert placed(due, item)["GSI2PK"] == item["GSI2PK"]
    assert placed(due | {"GSI2SK": "later"}, item)["GSI2PK"] == due["GSI2PK"]
    assert placed(due | {"expires_at": 2}, item)["expires_at"] == 1
    assert "expires_at" not in placed(due, item)
