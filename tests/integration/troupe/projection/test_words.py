"""Search by words: what is found follows the rows, in any order of events, and in a rebuild."""

import random

import pytest

from support.dynamodb import round_trips
from support.kernel.rebuild_job import job, settle
from support.spec import LAMBDA, OTHER, TENANT
from support.stream_events import Card, batch, box_life, failed, happened, project_box, rows, shelf
from troupe.domain.words import words_of
from troupe.projection import generations
from troupe.projection import projection as kept
from troupe.projection.projection import projection
from troupe.projection.search import found_by
from troupe.projection.view import Source, View, Words
from troupe.store import reads

BOXES = Source[Card](
    kind="box",
    shape=Card,
    place=shelf,
    project=project_box,
    words=lambda card: Words(words=words_of(card.name, *card.contents), summary={"name": card.name}),
)
FOUND = View(name="box_words", sources=(BOXES,))
handler = projection(FOUND)


def deliver(*events):
    assert failed(handler(batch(*events), LAMBDA)) == []


def made(box, name, tenant_id=TENANT):
    deliver(happened("box", box, 1, "made", tenant_id=tenant_id, name=name))


def found(text, tenant_id=TENANT, limit=25):
    """The ids that all pages have together, with one Query for each page."""
    listed, ids, cursor = found_by(tenant_id, "box_words", text), [], None
    while True:
        with round_trips() as queries:
            page = listed.page(limit, cursor)
        assert queries == ["Query"]
        assert len(page.items) <= limit
        ids += [item["summary"]["id"] for item in page.items]
        if not (cursor := page.cursor):
            return ids


def indexed():
    """The words that are in the table, with the ids of what has them."""
    return sorted(sort for (_, sort), row in rows(view="box_words").items() if "words" in row)


class TestSearch:
    def test_by_beginnings_of_words_in_any_order(self, table):
        made("b1", "Blue M\u00fcller")
        made("b2", "Blues Brothers")
        made("b3", "Red")
        assert found("blu") == found("BLUE") == ["b1", "b2"]
        assert found("mull blu") == found("blue muller") == ["b1"]
        assert found("blue red") == found("lue") == []

    def test_a_short_word_is_found_whole_alone_and_by_its_beginning_beside_others(self, table):
        made("b1", "Li Bo")
        made("b2", "Lisa Bobsen")
        assert found("li") == ["b1"]
        assert found("lisa b") == ["b2"]

    def test_what_has_several_words_alike_is_shown_once_over_all_pages(self, table):
        for number in range(7):
            made(f"b{number}", "anna annabel anne")
        assert found("ann", limit=2) == found("ann anna", limit=3) == [f"b{number}" for number in range(7)]

    def test_a_page_reads_a_bounded_number_and_goes_on(self, table, monkeypatch):
        monkeypatch.setattr("troupe.projection.search.MOST_READ", 4)
        for number in range(9):
            made(f"b{number}", f"crate {'last' if number == 8 else 'other'}")
        listed = found_by(TENANT, "box_words", "crate last")
        assert listed.page(2).items == ()
        assert found("crate last", limit=2) == ["b8"]

    def test_nothing_of_another_tenant(self, table):
        made("b1", "blue", OTHER)
        assert found("blue") == []
        assert found("blue", OTHER) == ["b1"]


class TestUpdate:
    def test_words_follow_the_row_and_go_with_it(self, table):
        made("b", "blue crate")
        deliver(happened("box", "b", 2, "filled", with_what="sand"))
        assert indexed() == ["blue#b", "crate#b", "sand#b"]
        deliver(happened("box", "b", 3, "made", name="red crate"))
        assert indexed() == ["crate#b", "red#b"]
        deliver(happened("box", "b", 4, "thrown_away"))
        assert indexed() == []
        deliver(happened("box", "b", 5, "taken_back"))
        assert found("red") == ["b"]
        deliver(happened("box", "b", 6, "burnt"))
        assert indexed() == []

    def test_costs_one_transaction_where_words_change_and_one_update_where_not(self, table):
        def calls(event):
            with round_trips() as seen:
                deliver(event)
            return seen

        assert calls(happened("box", "b", 1, "made", name="blue"))[-1:] == ["TransactWriteItems"]
        assert calls(happened("box", "b", 2, "unknown")) == ["BatchGetItem", "UpdateItem"]
        assert calls(happened("box", "b", 3, "thrown_away"))[-1:] == ["TransactWriteItems"]
        assert calls(happened("box", "b", 4, "unknown")) == ["BatchGetItem", "UpdateItem"]

    @pytest.mark.parametrize("seed", range(4))
    def test_any_order_and_any_repetition_end_the_same(self, table, seed):
        dice = random.Random(seed)
        events = [*box_life("b", 8, seed=seed), *box_life("c", 5, seed=seed + 9)]
        other = View(name="other_words", sources=(BOXES,))
        deliver(*events)
        again = events * 2
        dice.shuffle(again)
        assert failed(projection(other)(batch(*again), LAMBDA)) == []
        assert rows(view="other_words") == rows(view="box_words") != {}

    @pytest.mark.parametrize("action, more", [("unknown", {}), ("made", {"name": "green"})])
    def test_a_worker_that_is_overtaken_leaves_no_word_of_what_it_read(
        self, table, monkeypatch, action, more
    ):
        """Between its read and its write another worker brings the row further."""
        made("b", "blue")
        second, third = happened("box", "b", 2, "made", name="red"), happened("box", "b", 3, action, **more)
        original, overtaken = kept._update, []

        def update(*given):
            if not overtaken:
                overtaken.append(True)
                deliver(second)
            return original(*given)

        monkeypatch.setattr(kept, "_update", update)
        deliver(third)
        assert overtaken
        assert indexed() == ["green#b" if more else "red#b"]
        row = reads.one(generations.key("box_words", 1, TENANT, shelf(third))) or {}
        assert row["box_version"] == 3


@pytest.mark.usefixtures("own_time")
class TestRebuild:
    def test_makes_the_same_words_and_removes_the_old_ones(self, table, later):
        deliver(*box_life("b", 8, seed=2), *box_life("c", 6, seed=5))
        whole = rows(view="box_words")
        assert any("words" in row for row in whole.values())
        job({"view": "box_words", "start": True, "segments": 1}, views=(FOUND,))
        assert rows(view="box_words~2") == whole
        later()
        settle(later, (FOUND,))
        assert rows(view="box_words") == {}
        assert rows(view="box_words~2") == whole
        names = {row["summary"]["M"]["name"]["S"] for row in whole.values() if "words" in row}
        assert all(found(name) for name in names)
