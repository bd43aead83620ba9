"""Projections: whatever the order, the repetition and the failures, the rows end the same."""

import json
import random
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import feed
from faults import Crash
from feed import BOXES, SHELF, TAGS, batch, box_life, failed, happened, rows
from spec import LAMBDA, OTHER, TENANT
from troupe import counters, generations, history, keys, reads
from troupe import table as tables
from troupe.decider import Listing
from troupe.history import Gap
from troupe.ids import new_id
from troupe.pages import List
from troupe.projection import advance, part, projection
from troupe.publisher import publish
from troupe.views import Place, Source, Tombstone, View

handler = projection(SHELF)
FULL_CARD = Place(parts=("b",), sort="CARD")


def card(box="b", tenant_id=TENANT):
    return reads.one(generations.key("shelf", 1, tenant_id, Place(parts=(box,), sort="CARD")))


def fold(source, events):
    was = None
    for event in events:
        was = source.project(was, event)
    return was


class TestInOrder:
    def test_a_row_stands_as_its_stream_says(self, table):
        events = [
            happened("box", "b", 1, "made", name="blue"),
            happened("box", "b", 2, "filled", with_what="sand"),
        ]
        assert failed(handler(batch(*events), LAMBDA)) == []
        row = card()
        assert part(BOXES, row) == feed.Card(name="blue", contents=("sand",))
        assert (row["box_version"], row["fills"]) == (2, 1)
        assert part(TAGS, row) is None
        assert part(BOXES, None) is None

    def test_it_stands_in_the_lists_of_its_generation(self, table):
        handler(batch(happened("box", "b", 1, "made", name="blue")), LAMBDA)
        everything = List(tenant_id=TENANT, pk=generations.partition(TENANT, "shelf", "ALL"), index="GSI1")
        assert [item["summary"] for item in everything.page(10).items] == [{"id": "b", "name": "blue"}]
        full = List(tenant_id=TENANT, pk=generations.partition(TENANT, "shelf", "FULL"), index="GSI2")
        assert len(full.page(10).items) == 1
        handler(batch(happened("box", "b", 2, "burnt")), LAMBDA)
        assert everything.page(10).items == full.page(10).items == ()

    def test_two_streams_feed_one_row_and_leave_each_other_alone(self, table):
        events = [
            happened("tag", "b", 1, "written", text="fragile"),
            happened("box", "b", 1, "made", name="blue"),
            happened("tag", "b", 2, "unknown"),
        ]
        handler(batch(*events), LAMBDA)
        row = card()
        assert part(TAGS, row) == feed.Tag(text="fragile")
        assert part(BOXES, row) == feed.Card(name="blue")
        assert (row["box_version"], row["label_version"]) == (1, 2)

    def test_a_kind_that_feeds_nothing_is_no_failure(self, table):
        assert failed(handler(batch(happened("bag", "b", 1, "made")), LAMBDA)) == []
        assert rows() == {}

    def test_a_tenant_s_event_makes_a_row_of_that_tenant(self, table):
        handler(batch(happened("box", "b", 1, "made", tenant_id=OTHER, name="blue")), LAMBDA)
        assert card() is None
        assert card(tenant_id=OTHER)["box_version"] == 1


class TestTombstones:
    def test_an_older_event_does_not_bring_a_row_back(self, table):
        events = [happened("box", "b", 1, "made", name="blue"), happened("box", "b", 2, "burnt")]
        handler(batch(*events), LAMBDA)
        handler(batch(events[0]), LAMBDA)
        row = card()
        assert part(BOXES, row) is None
        assert (row["box_version"], row["box_gone"]) == (2, True)
        assert "GSI1PK" not in row

    def test_what_was_kept_comes_back(self, table):
        handler(batch(happened("box", "b", 1, "made", name="blue")), LAMBDA)
        handler(batch(happened("box", "b", 2, "thrown_away")), LAMBDA)
        assert part(BOXES, card()) is None
        handler(batch(happened("box", "b", 3, "unknown")), LAMBDA)
        assert part(BOXES, card()) is None
        handler(batch(happened("box", "b", 4, "taken_back")), LAMBDA)
        row = card()
        assert part(BOXES, row) == feed.Card(name="blue")
        assert "box_gone" not in row
        assert row["GSI1SK"] == "blue"

    def test_what_was_burnt_stays_gone(self, table):
        handler(batch(happened("box", "b", 1, "made", name="blue"), happened("box", "b", 2, "burnt")), LAMBDA)
        handler(batch(happened("box", "b", 3, "taken_back")), LAMBDA)
        assert part(BOXES, card()) is None

    def test_nothing_yet_is_no_tombstone(self, table):
        handler(batch(happened("box", "b", 1, "unknown")), LAMBDA)
        assert "box_gone" not in card()
        handler(batch(happened("box", "b", 2, "made", name="blue")), LAMBDA)
        assert part(BOXES, card()) == feed.Card(name="blue")


class TestAnyOrder:
    @settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(
        length=st.integers(1, 7),
        tags=st.integers(0, 3),
        seed=st.integers(0, 2**32),
        repeats=st.integers(1, 3),
        size=st.integers(1, 8),
    )
    def test_any_permutation_and_repetition_ends_the_same(self, table, length, tags, seed, repeats, size):
        tenant_id, dice = new_id(), random.Random(seed)
        boxes = box_life("b", length, tenant_id, seed)
        labels = [
            happened("tag", "b", n, "written", tenant_id=tenant_id, text=f"tag {n}")
            for n in range(1, tags + 1)
        ]
        deliveries = [*boxes, *labels] * repeats
        dice.shuffle(deliveries)
        for start in range(0, len(deliveries), size):
            assert failed(handler(batch(*deliveries[start : start + size]), LAMBDA)) == []
        row = card(tenant_id=tenant_id)
        expected = fold(BOXES, boxes)
        assert part(BOXES, row) == (None if isinstance(expected, Tombstone) else expected)
        assert part(TAGS, row) == fold(TAGS, labels)
        assert row["box_version"] == length
        assert row.get("fills", 0) == sum(event.type == "box.filled" for event in boxes)
        made = [event.type for event in boxes].count("box.made")
        (day,) = [each for (pk, _), each in rows(tenant_id).items() if pk == f"{feed.NOON:%Y-%m}"]
        assert day["made"] == {"N": str(made)}

    def test_who_comes_late_does_not_overwrite(self, table, monkeypatch):
        """Read at version 0, overtaken by the one that writes version 3, and then refused by the condition."""
        events = box_life("b", 3, seed=1)
        real = reads.one

        def overtaken(key):
            row = real(key)
            monkeypatch.setattr(reads, "one", real)
            advance(SHELF, 1, [events[2]])
            return row

        monkeypatch.setattr(reads, "one", overtaken)
        advance(SHELF, 1, [events[0]])
        assert card()["box_version"] == 3
        assert part(BOXES, card()) == fold(BOXES, events)


class TestFailures:
    def test_v5_fails_and_v6_arrives(self, table, monkeypatch):
        """The write of v5 fails (throttled, out of reach, a bug since mended); v6 catches up, v5 is then skipped."""
        made = happened("box", "b", 1, "made", name="blue")
        fills = [happened("box", "b", n, "filled", with_what=f"thing {n}") for n in range(2, 7)]
        handler(batch(made, *fills[:3]), LAMBDA)
        with monkeypatch.context() as broken:
            broken.setattr(reads, "one", lambda _key: 1 / 0)
            assert failed(handler(batch(fills[3]), LAMBDA)) == ["box-5-0"]
        assert card()["box_version"] == 4
        assert failed(handler(batch(fills[4]), LAMBDA)) == []
        assert failed(handler(batch(fills[3]), LAMBDA)) == []
        row = card()
        assert part(BOXES, row).contents == tuple(f"thing {n}" for n in range(2, 7))
        assert (row["box_version"], row["fills"]) == (6, 5)

    def test_poison_fails_alone_and_again(self, table):
        good, bad = box_life("good", 3), [happened("box", "bad", 1, "made", name="bad")]
        bad.append(happened("box", "bad", 2, "poisoned"))
        deliveries = batch(good[0], bad[0], bad[1], good[1], good[2])
        assert failed(handler(deliveries, LAMBDA)) == ["box-2-2"]
        assert failed(handler(deliveries, LAMBDA)) == ["box-2-2"]
        assert (card("good")["box_version"], card("bad")["box_version"]) == (3, 1)

    def test_what_comes_after_poison_in_its_stream_waits_behind_it(self, table):
        made = happened("box", "bad", 1, "made", name="bad")
        poison, after = (
            happened("box", "bad", 2, "poisoned"),
            happened("box", "bad", 3, "filled", with_what="x"),
        )
        assert failed(handler(batch(made, poison, after), LAMBDA)) == ["box-2-1", "box-3-2"]
        assert card("bad")["box_version"] == 1

    def test_a_body_that_is_no_event_fails_alone(self, table):
        strange = feed.message({"detail": {"type": "x"}}, "strange")
        deliveries = {"Records": [strange, *batch(happened("box", "b", 1, "made", name="blue"))["Records"]]}
        assert failed(handler(deliveries, LAMBDA)) == ["strange"]
        assert card()["box_version"] == 1

    def test_an_event_that_the_table_does_not_have(self, table):
        """A gap in the stream: nothing is made up, the message comes again."""
        third = happened("box", "b", 3, "filled", with_what="x")
        assert failed(handler(batch(third), LAMBDA)) == ["box-3-0"]
        with pytest.raises(Gap):
            history.between(third, 0, 3)
        assert card() is None

    def test_another_fault_of_the_table_is_raised(self, table, monkeypatch):
        event = happened("box", "b", 1, "made", name="blue")
        monkeypatch.setattr(tables, "name", lambda: "gone")
        with pytest.raises(tables.client().exceptions.ResourceNotFoundException):
            advance(SHELF, 1, [event])

    def test_a_write_refused_for_another_reason_is_raised(self, table, monkeypatch):
        event = happened("box", "b", 1, "made", name="blue")
        real = reads.one

        def then_gone(key):
            row = real(key)
            monkeypatch.setattr(tables, "name", lambda: "gone")
            return row

        monkeypatch.setattr(reads, "one", then_gone)
        with pytest.raises(tables.client().exceptions.ResourceNotFoundException):
            advance(SHELF, 1, [event])


class TestCrashes:
    @pytest.mark.parametrize(("name", "real"), [("counters.count", counters.count), ("advance", advance)])
    def test_between_two_effects(self, table, monkeypatch, name, real):
        """Rows are written and then numbers, and each generation after the other; the messages come again."""
        events = box_life("b", 4, seed=3)
        generations.change("shelf", generations.of("shelf"), phase="filling", other=2)
        for calls in (1, 2):
            with monkeypatch.context() as crashing:
                crashing.setattr(f"troupe.projection.{name}", dying_after(calls, real))
                with pytest.raises(Crash):
                    handler(batch(*events), LAMBDA)
        assert failed(handler(batch(*events), LAMBDA)) == []
        assert rows() == rows(view="shelf~2")
        assert card()["box_version"] == 4
        assert card().get("fills", 0) == sum(event.type == "box.filled" for event in events)

    @settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(seed=st.integers(0, 2**32))
    def test_of_the_publisher_too(self, table, monkeypatch, seed):
        """Entries are refused, calls fail, the process ends after a call: what arrives, arrives more than once."""
        dice, tenant_id, arrived = random.Random(seed), new_id(), []

        class Bus:
            def put_events(self, Entries):  # noqa: N803 -- so is it called
                taken = [dice.random() < 0.8 for _ in Entries]
                arrived.extend(entry for entry, was in zip(Entries, taken, strict=True) if was)
                if dice.random() < 0.2:
                    raise Crash
                return {"Entries": [{"EventId": "e"} if was else {"ErrorCode": "x"} for was in taken]}

        monkeypatch.setattr("troupe.publisher.events", Bus)
        events = box_life("b", 12, tenant_id, seed)
        pending = [feed.record(feed.item(event), event.version) for event in events]
        while pending:
            try:
                first = publish(pending)
            except Crash:
                continue
            pending = [each for each in pending if first and int(each["eventID"]) >= int(first)]
        dice.shuffle(arrived)
        for entry in arrived:
            body = {"detail": json.loads(entry["Detail"])}
            assert failed(handler({"Records": [feed.message(body)]}, LAMBDA)) == []
        expected = fold(BOXES, events)
        row = card(tenant_id=tenant_id)
        assert part(BOXES, row) == (None if isinstance(expected, Tombstone) else expected)
        assert row.get("fills", 0) == sum(event.type == "box.filled" for event in events)


def dying_after(calls, real):
    """The function, and then the end of the process."""
    left = iter(range(calls - 1))

    def act(*given):
        answer = real(*given)
        if next(left, None) is None:
            raise Crash
        return answer

    return act


class TestMistakes:
    def test_two_streams_through_one_source_are_refused(self, table):
        one_row = replace(BOXES, place=lambda _event: FULL_CARD)
        view = View(name="shelf", sources=(one_row,))
        advance(view, 1, [happened("box", "b", 1, "made", name="blue")])
        with pytest.raises(ValueError, match="two streams"):
            advance(view, 1, [happened("box", "c", 1, "made", name="red")])

    def test_one_stream_into_two_rows_is_refused(self, table):
        by_version: Source = replace(BOXES, place=lambda event: Place(parts=(str(event.version),)))
        events = [happened("box", "b", n, "made", name="blue") for n in (1, 2)]
        with pytest.raises(ValueError, match="two rows"):
            advance(View(name="shelf", sources=(by_version,)), 1, events)

    def test_a_view_that_counts_nothing_and_lists_nothing(self, table):
        plain = View(name="plain", sources=(replace(BOXES, listed=None),))
        assert failed(projection(plain)(batch(happened("box", "b", 1, "made", name="blue")), LAMBDA)) == []
        row = reads.one(keys.Key(keys.view(TENANT, "plain", "b"), "CARD"))
        assert "GSI1PK" not in row

    def test_a_row_need_not_stand_in_every_list(self, table):
        unqueued = replace(BOXES, listed=lambda card: Listing(collection=("ALL", card.name)))
        advance(View(name="shelf", sources=(unqueued,)), 1, [happened("box", "b", 1, "made", name="blue")])
        assert (card()["GSI1SK"], card().get("GSI2SK")) == ("blue", None)

    def test_several_views_of_one_function(self, table):
        tags = View(name="tags", sources=(TAGS,))
        both = projection(SHELF, tags)
        both(batch(happened("tag", "b", 1, "written", text="fragile")), LAMBDA)
        assert list(rows(view="tags")) == list(rows(view="shelf")) == [("b", "CARD")]
