"""A rebuild makes what the live read model is, also of what happens meanwhile, and takes its place."""

import random
from dataclasses import replace

import pytest

from support import stream_events
from support.kernel.rebuild_job import START, STEP, job, lives, marks, run, settle
from support.spec import LAMBDA, OTHER, TENANT
from support.stream_events import SHELF, batch, failed, happened, rows
from troupe.projection import generations, projection, rebuild
from troupe.projection.generations import WRITTEN_HELD_SECONDS
from troupe.projection.rebuild import BEFORE_SCAN_SECONDS, DEPLOY_SECONDS, REST_SECONDS
from troupe.store import keys, reads, scans, writes
from troupe.store.commit import commit

handler = projection.projection(SHELF)
pytestmark = pytest.mark.usefixtures("own_time")


class TestEqual:
    def test_to_the_live_one(self, table, later):
        handler(batch(*lives()), LAMBDA)
        assert job(START) == {"view": "shelf", "phase": "swapped", "live": 2, "other": 1}
        for tenant_id in (TENANT, OTHER):
            assert rows(tenant_id) == rows(tenant_id, "shelf~2") != {}
        assert len(marks("shelf")) == len(marks("shelf~2")) > 0

    def test_a_projection_that_missed_events_is_mended(self, table, later):
        events = lives()
        handler(batch(*events[:6]), LAMBDA)
        job(START)
        whole = rows(view="shelf~2")
        handler(batch(*events), LAMBDA)
        assert rows(view="shelf~2") == whole == rows()

    @pytest.mark.parametrize("seed", range(4))
    def test_a_rebuild_equals_the_live_view_under_concurrent_events(self, table, later, monkeypatch, seed):
        """Events are committed, delivered late, repeatedly and out of order, between any two pages of the scan."""
        monkeypatch.setattr(scans, "PAGE", 7)
        dice, ids = random.Random(seed), [f"b{n}" for n in range(3)]
        versions, undelivered, everything = dict.fromkeys(ids, 0), [], []
        start = dice.randrange(10)
        for turn in range(24):
            box = dice.choice(ids)
            versions[box] += 1
            action, more = dice.choice(
                [("filled", {"with_what": str(turn)}), ("thrown_away", {}), ("taken_back", {})]
            )
            if versions[box] == 1:
                action, more = "made", {"name": box}
            undelivered.append(happened("box", box, versions[box], action, **more))
            everything.append(undelivered[-1])
            if dice.random() < 0.6:
                dice.shuffle(undelivered)
                count = dice.randint(1, len(undelivered))
                assert failed(handler(batch(*undelivered[:count], dice.choice(everything)), LAMBDA)) == []
                undelivered = undelivered[count:]
            if turn >= start:
                job({**START, "start": turn == start}, pages=1)
        handler(batch(*undelivered), LAMBDA)
        assert job(STEP)["phase"] == "swapped"
        assert rows() == rows(view="shelf~2")
        for box in ids:
            row = (
                reads.one(generations.key("shelf", 2, TENANT, stream_events.Place(parts=(box,), sort="CARD")))
                or {}
            )
            assert row.get("box_version", 0) == versions[box]
            fills = sum(each.type == "box.filled" and each.aggregate_id == box for each in everything)
            assert row.get("fills", 0) == fills

    def test_what_a_projection_was_about_to_write_when_it_began(self, table, later, monkeypatch):
        """It read the generations before the rebuild began and writes after it was swapped in: the scan had it."""
        event = happened("box", "b", 1, "made", name="blue")
        handler(batch(event), LAMBDA)
        stale = {"shelf": (generations.time.time(), (1,))}
        job(START)
        assert generations.of("shelf").phase == "swapped"
        with monkeypatch.context() as asleep:
            asleep.setattr(generations, "_written", stale)
            asleep.setattr(generations, "_recent", lambda *_held: True)
            handler(batch(event), LAMBDA)
        assert rows() == rows(view="shelf~2") != {}

    def test_writes_of_a_projection_that_does_not_know_of_the_rebuild_yet(self, table, later):
        """A projection holds for some seconds which generations are written: the scan begins after that."""
        handler(batch(happened("box", "b", 1, "made", name="blue")), LAMBDA)
        assert run(START)["phase"] == "filling"
        later(WRITTEN_HELD_SECONDS - 1)
        handler(batch(happened("box", "c", 1, "made", name="red")), LAMBDA)
        assert run(STEP)["phase"] == "filling"
        assert rows(view="shelf~2") == {}
        later(BEFORE_SCAN_SECONDS)
        handler(batch(happened("box", "d", 1, "made", name="green")), LAMBDA)
        assert ("d", "CARD") in rows(view="shelf~2")
        assert run(STEP)["phase"] == "swapped"
        assert rows() == rows(view="shelf~2")
        assert WRITTEN_HELD_SECONDS < BEFORE_SCAN_SECONDS


class TestSwap:
    def test_readers_follow_within_half_a_minute_and_both_are_written_until_then(self, table, later):
        assert generations.live("shelf") == "shelf"
        job(START)
        assert generations.live("shelf") == "shelf"
        handler(batch(happened("box", "b", 1, "made", name="blue")), LAMBDA)
        assert rows() == rows(view="shelf~2") != {}
        later(generations.HELD_SECONDS + 1)
        assert generations.live("shelf") == "shelf~2"
        assert generations.partition(TENANT, "shelf", "ALL") == f"{TENANT}#SHELF~2#ALL"
        assert generations.HELD_SECONDS < REST_SECONDS

    def test_the_old_one_rests_is_removed_and_is_written_no_more(self, table, later):
        events = lives()
        handler(batch(*events), LAMBDA)
        assert job(START)["phase"] == "swapped"
        assert job(STEP)["phase"] == "swapped"
        later()
        assert job(STEP)["phase"] == "retiring"
        assert job(STEP)["phase"] == "retiring"
        assert generations.of("shelf").written == (2,)
        later()
        assert job(STEP) == {"view": "shelf", "phase": "settled", "live": 2, "other": 0}
        assert rows() == rows(OTHER) == {}
        assert marks("shelf") == []
        handler(batch(happened("box", "new", 1, "made", name="new")), LAMBDA)
        assert rows() == {}
        assert len(rows(view="shelf~2")) > 0
        assert marks("shelf~2") != []

    def test_another_one_after_it(self, table, later):
        handler(batch(*lives()), LAMBDA)
        job(START)
        settle(later)
        assert job(START)["live"] == 3
        settle(later)
        assert generations.of("shelf").phase == "settled"
        assert rows(view="shelf~2") == {}
        assert len(rows(view="shelf~3")) > 0

    def test_nothing_begins_by_itself(self, table):
        assert job(STEP) == {"view": "shelf", "phase": "settled", "live": 1, "other": 0}

    def test_to_start_twice_goes_on_with_the_first(self, table, later):
        lives()
        assert job(START, pages=0)["phase"] == "filling"
        assert job(START)["live"] == 2

    def test_an_aggregate_that_is_called_like_a_view_is_left_alone(self, table, later):
        namesake = stream_events.View(name="box", sources=SHELF.sources)
        event = happened("box", "b", 1, "made", name="blue")
        commit([writes.put(keys.state(TENANT, "box", "b"), {"version": 1})])
        projection.projection(namesake)(batch(event), LAMBDA)
        job({"view": "box", "start": True}, views=(namesake,))
        settle(later, (namesake,))
        assert {sk for _, sk in rows(view="box")} == {"STATE", "EVENT#000000000001"}


class TestResume:
    def test_from_where_the_time_ran_out(self, table, later, monkeypatch):
        monkeypatch.setattr(scans, "PAGE", 5)
        handler(batch(*lives()), LAMBDA)
        applied = []
        real = rebuild.apply
        monkeypatch.setattr(rebuild, "apply", lambda *given: applied.append(given) or real(*given))
        reports = [job(START, pages=2)["phase"]]
        while reports[-1] == "filling":
            reports.append(job(STEP, pages=2)["phase"])
        assert len(reports) > 3
        assert reports[-1] == "swapped"
        assert rows() == rows(view="shelf~2")
        assert len(applied) == len({str(given) for given in applied if given[2]}) + sum(
            not given[2] for given in applied
        )

    def test_from_the_page_that_failed(self, table, later, monkeypatch):
        """Nothing is swapped in that lacks an event; once the code is mended, the job goes on."""
        handler(batch(*lives()), LAMBDA)
        with monkeypatch.context() as broken:
            broken.setattr(stream_events, "project_tag", lambda *_given: 1 / 0)
            broken.setattr(rebuild, "advance", lambda *_given: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                job(START)
        assert generations.of("shelf").phase == "filling"
        assert job(STEP)["phase"] == "swapped"
        assert rows() == rows(view="shelf~2")

    def test_what_cannot_be_counted_stops_it(self, table, later):
        happened("box", "b", 1, "miscounted")
        with pytest.raises(ValueError, match="cannot be counted"):
            job(START)

    def test_segments_apart(self, table, later):
        handler(batch(*lives()), LAMBDA)
        job({**START, "segments": 2}, pages=0)
        assert job({**STEP, "segment": 1})["phase"] == "filling"
        assert job({**STEP, "segment": 0})["phase"] == "swapped"
        assert rows() == rows(view="shelf~2")

    def test_removal_in_parts(self, table, later, monkeypatch):
        monkeypatch.setattr(scans, "PAGE", 5)
        handler(batch(*lives()), LAMBDA)
        job(START)
        later()
        job(STEP)
        later()
        phases = []
        while "settled" not in phases:
            phases.append(job(STEP, pages=3)["phase"])
        assert phases.count("retiring") > 2
        assert rows() == {}


class TestAnotherShape:
    """The code has another number for what the rows hold than the live generation was filled by."""

    NEWER = replace(SHELF, shape=2)

    def step(self, event=None, view=NEWER):
        return run({} if event is None else event, views=(view,))

    def test_nothing_is_done_while_the_numbers_agree(self, table, later):
        assert self.step(view=SHELF) == {"views": []}
        assert generations.of("shelf").version == 0

    def test_a_rebuild_begins_when_no_older_code_can_be_running_and_the_old_rows_are_read_until_it_is_whole(
        self, table, later
    ):
        handler(batch(*lives()), LAMBDA)
        (report,) = self.step()["views"]
        assert (report["phase"], report["live"]) == ("awaiting", 1)
        later(DEPLOY_SECONDS - 60)
        assert self.step()["views"][0]["phase"] == "awaiting"
        later(61)
        assert self.step()["views"][0]["phase"] == "filling"
        assert generations.of("shelf").live == 1
        later(BEFORE_SCAN_SECONDS + 1)
        assert self.step()["views"][0]["phase"] == "swapped"
        stands = generations.of("shelf")
        assert (stands.live, stands.shape, stands.other_shape) == (2, 2, 1)
        assert rows() == rows(view="shelf~2")
        for _ in range(2):
            later()
            self.step()
        assert generations.of("shelf").phase == "settled"
        assert self.step() == {"views": []}

    def test_after_a_rollback_it_is_rebuilt_as_the_older_code_has_it(self, table, later):
        handler(batch(*lives()), LAMBDA)
        job(START, views=(self.NEWER,))
        settle(later, views=(self.NEWER,))
        assert generations.of("shelf").shape == 2
        assert self.step(view=SHELF)["views"][0]["phase"] == "awaiting"
        job(START, views=(SHELF,))
        assert generations.of("shelf").shape == 1

    def test_code_that_changes_while_a_generation_is_filled_has_it_filled_again(
        self, table, later, monkeypatch
    ):
        handler(batch(*lives()), LAMBDA)
        monkeypatch.setattr(scans, "PAGE", 5)
        assert job(START, pages=1)["phase"] == "filling"
        settle(later, views=(SHELF,))
        assert self.step()["views"][0]["phase"] == "awaiting"

    def test_a_record_of_a_release_without_numbers_is_of_the_first_shape(self, table, later):
        generations.change("shelf", generations.Generations(), latest=1)
        commit([writes.update(keys.generation("shelf"), "REMOVE #s", {}, names={"#s": "shape"})])
        assert self.step(view=SHELF) == {"views": []}
        assert self.step()["views"][0]["phase"] == "awaiting"
