"""Projections: the rows end the same for every order and repetition."""

import random
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import stream_events
from support.kernel.box_projection import card, fold, handler
from support.spec import LAMBDA, OTHER, TENANT
from support.stream_events import BOXES, SHELF, TAGS, batch, box_life, failed, happened, rows
from troupe.edge.pages import List
from troupe.ids import new_id
from troupe.projection import generations
from troupe.projection.projection import advance, part, projection
from troupe.projection.view import Tombstone, View
from troupe.store import reads


class TestInOrder:
    def test_a_row_stands_as_its_stream_says(self, table):
        events = [
            happened("box", "b", 1, "made", name="blue"),
            happened("box", "b", 2, "filled", with_what="sand"),
        ]
        assert failed(handler(batch(*events), LAMBDA)) == []
        row = card()
        assert part(BOXES, row) == stream_events.Card(name="blue", contents=("sand",))
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
        assert part(TAGS, row) == stream_events.Tag(text="fragile")
        assert part(BOXES, row) == stream_events.Card(name="blue")
        assert (row["box_version"], row["label_version"]) == (1, 2)

    def test_a_kind_that_feeds_nothing_is_no_failure(self, table):
        assert failed(handler(batch(happened("bag", "b", 1, "made")), LAMBDA)) == []
        assert rows() == {}

    def test_a_tenant_s_event_makes_a_row_of_that_tenant(self, table):
        handler(batch(happened("box", "b", 1, "made", tenant_id=OTHER, name="blue")), LAMBDA)
        assert card() is None
        assert card(tenant_id=OTHER)["box_version"] == 1


class TestThen:
    """What is done when a row stands where an event brought it, or further."""

    @staticmethod
    def follow(table, broken=()):
        seen, faults = [], list(broken)

        def then(generation, event, row):
            if faults:
                raise faults.pop()
            key = generations.key("shelf", generation, event.tenant_id, BOXES.place(event))
            assert row == reads.one(key)
            seen.append((generation, event.version, row["box_version"]))

        follower = projection(View(name="shelf", sources=(replace(BOXES, then=then),)))
        return follower, seen

    def test_it_is_done_after_the_row_is_written_and_again_when_the_event_comes_again(self, table):
        follower, seen = self.follow(table)
        events = box_life("b", 3)
        for event in (events[2], events[0], events[2]):
            assert failed(follower(batch(event), LAMBDA)) == []
        assert seen == [(1, 3, 3), (1, 1, 3), (1, 3, 3)]

    def test_what_it_fails_on_comes_again(self, table):
        follower, seen = self.follow(table, [ValueError("not yet")])
        (event,) = box_life("b", 1)
        assert failed(follower(batch(event), LAMBDA)) == ["box-1-0"]
        assert failed(follower(batch(event), LAMBDA)) == []
        assert seen == [(1, 1, 1)]


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
        assert part(BOXES, row) == stream_events.Card(name="blue")
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
        assert part(BOXES, card()) == stream_events.Card(name="blue")


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
        (day,) = [each for (pk, _), each in rows(tenant_id).items() if pk == f"{stream_events.NOON:%Y-%m}"]
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
