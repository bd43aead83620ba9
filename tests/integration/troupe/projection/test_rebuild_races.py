"""Two calls of a rebuild at once, lost responses, and batches that are left in part."""

from functools import cache

import pytest

from support.faulty_client import Leaving
from support.kernel.rebuild_job import START, STEP, job, lives, settle
from support.spec import LAMBDA, OTHER
from support.stream_events import SHELF, batch, lambda_context, rows
from troupe.projection import generations, projection, rebuild
from troupe.projection.generations import Generations
from troupe.store import table
from troupe.store.commit import Stale
from troupe.store.scans import MARGIN_MILLISECONDS

handler = projection.projection(SHELF)
pytestmark = pytest.mark.usefixtures("own_time")


class TestRaces:
    def test_two_calls_take_one_step(self, table, later, monkeypatch):
        job(START, pages=0)
        before = generations.of("shelf")
        assert job(STEP)["phase"] == "swapped"
        real = generations.of
        script = [before]
        later(2)
        monkeypatch.setattr(generations, "of", lambda view: script.pop() if script else real(view))
        assert job(STEP) == {"view": "shelf", "phase": "swapped", "live": 2, "other": 1}

    def test_a_step_from_a_stale_record_is_refused(self, table):
        first = generations.change("shelf", Generations(), phase="filling", other=2)
        with pytest.raises(Stale):
            generations.change("shelf", Generations(), phase="filling", other=3)
        assert generations.change("shelf", first, phase="settled", other=0).version == 2
        with pytest.raises(Stale):
            generations.change("shelf", first, phase="swapped")

    def test_a_step_whose_response_was_lost_was_taken(self, table, monkeypatch):
        from support import faulty_client

        monkeypatch.setattr("time.sleep", lambda _seconds: None)
        client = faulty_client.Faulty(table_client(), [faulty_client.lost])
        monkeypatch.setattr("troupe.store.table.client", cache(lambda: client))
        assert generations.change("shelf", Generations(), phase="filling", other=2).other == 2

    def test_what_was_left_undeleted_is_deleted(self, table, later, monkeypatch):
        """DynamoDB may leave part of a batch unprocessed."""
        handler(batch(*lives()), LAMBDA)
        job(START)
        client = Leaving(table_client())
        monkeypatch.setattr("time.sleep", lambda _seconds: None)
        monkeypatch.setattr("troupe.store.table.client", cache(lambda: client))
        settle(later)
        assert client.left > 0
        assert rows() == rows(OTHER) == {}


def table_client():
    return table.client()


def test_it_leaves_time_to_finish(table):
    lives()
    context = lambda_context(MARGIN_MILLISECONDS - 1)
    assert rebuild.rebuild(SHELF)(START, context)["phase"] == "filling"
