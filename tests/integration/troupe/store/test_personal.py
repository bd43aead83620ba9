"""Personal fields of events are encrypted in the table, read in plain with the key, and blank without it."""

import json
from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidTag

from support.dynamodb import published_events, round_trips, stored_items
from support.kernel.guest import AT, GUEST, HOST, NAMES, SUBJECT, THE_GUEST, Seat, come, erase, meet
from support.kernel.stored_box import SCOPE
from support.spec import LAMBDA, TENANT
from support.stream_events import batch, failed, lambda_context, rows
from troupe.domain.decider import Rejected
from troupe.projection.projection import projection
from troupe.store import keys, personal, reads
from troupe.store.aggregates import parse
from troupe.store.refold import refold
from troupe.store.transact import load

READ, WRITE = "BatchGetItem", "TransactWriteItems"


def as_read(events):
    return [parse(GUEST.events[each.type], json.dumps(each.data)) for each in events]


class TestEvents:
    def test_show_blanks_and_open_with_the_key(self, table):
        come("Emily", note="by the window", phone="+49 30 1")
        (event,) = published_events("guest.came")
        assert event.data == {"name": "", "seat": {"number": 7, "note": ""}, "phone": None, "badge": 1}
        assert list(event.personal) == [SUBJECT]
        (opened,) = personal.opened([event])
        assert opened.data == {
            "name": "Emily",
            "seat": {"number": 7, "note": "by the window"},
            "phone": "+49 30 1",
            "badge": 1,
        }
        assert opened.personal == {}

    def test_what_is_blank_is_no_secret(self, table):
        come("Emily")
        meet("", host="")
        came, met = published_events()
        assert (list(came.personal), met.personal) == ([SUBJECT], {})
        assert met.detail().keys() & {"personal"} == set()

    def test_fields_about_several_people_open_with_the_keys_of_each(self, table):
        come("Emily")
        meet("a secret", host="Bob")
        (met,) = published_events("guest.met")
        assert met.personal.keys() == {SUBJECT, HOST}
        erase()
        (left,) = personal.opened([met])
        assert left.data == {"told": "", "host": "Bob"}

    def test_a_blob_opens_in_its_own_place_alone(self, table):
        come("Emily")
        meet("a secret")
        (came,), (met,) = published_events("guest.came"), published_events("guest.met")
        with pytest.raises(InvalidTag):
            personal.opened([replace(met, personal=came.personal)])

    def test_fold_to_the_stored_state_before_and_after_the_key_is_gone(self, table):
        come("Emily", note="by the window")
        stored = meet("a secret")
        assert GUEST.fold(as_read(personal.opened(published_events()))) == stored.state
        stored = erase()
        assert (stored.state.name, stored.state.seat, stored.state.host) == ("", Seat(number=7), "")
        assert GUEST.fold(as_read(personal.opened(published_events()))) == stored.state
        assert load(TENANT, GUEST, THE_GUEST.id).state == stored.state


class TestKeys:
    def test_is_made_with_the_subject_in_one_round_trip(self, table):
        with round_trips() as made:
            come("Emily")
        assert made == [WRITE]
        assert len(bytes(reads.one(AT)["key"])) == personal.KEY_BYTES

    def test_is_read_with_the_rest_and_stays_the_same(self, table):
        come("Emily")
        key = reads.one(AT)["key"]
        with round_trips() as made:
            meet("a secret")
        assert (made, reads.one(AT)["key"]) == ([READ, WRITE], key)

    def test_one_that_was_not_read_is_found_by_the_transaction_and_used(self, table, quick):
        come("Emily")
        key = reads.one(AT)["key"]
        with round_trips() as made:
            meet("a secret", wanted=())
        assert (made, reads.one(AT)["key"]) == ([READ, WRITE, READ, WRITE], key)
        (met,) = personal.opened(published_events("guest.met"))
        assert met.data["told"] == "a secret"

    def test_a_new_person_s_key_is_made_with_the_first_event_about_them(self, table):
        come("Emily")
        assert reads.one(keys.subject(TENANT, HOST)) is None
        meet("a secret", host="Bob")
        assert "key" in reads.one(keys.subject(TENANT, HOST))


class TestRefold:
    """A state that is folded again from its events is the live one, before and after an erasure."""

    START = {"kind": "guest", "start": True}  # noqa: RUF012 -- read alone

    @pytest.mark.parametrize("gone", [False, True])
    def test_equals_the_stored_state(self, table, gone):
        come("Emily", note="by the window")
        meet("a secret")
        if gone:
            erase()
        before = stored_items()
        report = refold(GUEST)(self.START, lambda_context())
        assert (report["unchanged"], report["written"], report["failed"]) == (1, 0, 0)
        left = [each for each in stored_items() if each["SK"] == "STATE"]
        assert left == [each for each in before if each["SK"] == "STATE"]


class TestErasure:
    def test_leaves_nothing_and_is_recorded(self, table):
        come("Emily", note="by the window", phone="+49 30 1")
        meet("a secret")
        erase()
        assert not [text for text in ("Emily", "window", "+49", "secret") if text in str(stored_items())]
        assert "key" not in reads.one(AT)
        (record,) = reads.between(keys.erasures(TENANT), "0", "9")
        assert (record["subject"], record["by"]) == (SUBJECT, SCOPE.context.actor)

    def test_takes_no_more_about_the_person(self, table):
        come("Emily")
        erase()
        with pytest.raises(Rejected, match="erased"):
            meet("a secret")
        meet("", host="Bob")

    def test_twice_keeps_the_first_instant(self, table):
        come("Emily")
        erase()
        first = reads.one(AT)
        erase()
        assert reads.one(AT) == first


class TestProjections:
    def test_read_the_key_with_the_rows(self, table):
        come("Emily")
        with round_trips() as made:
            assert failed(projection(NAMES)(batch(*published_events()), LAMBDA)) == []
        assert made == [READ, "UpdateItem"]
        assert "Emily" in str(rows(view="names"))

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (2, 0), (2,), (0, 2, 1)])
    @pytest.mark.parametrize("erased_first", [False, True])
    def test_end_blank_in_any_order_and_whenever_the_key_went(self, table, order, erased_first):
        come("Emily")
        meet("a secret")
        came, met = published_events()
        if not erased_first:
            assert failed(projection(NAMES)(batch(came), LAMBDA)) == []
        erase()
        events = (came, met, *published_events("guest.personal_data_erased"))
        for each in order:
            assert failed(projection(NAMES)(batch(events[each]), LAMBDA)) == []
        assert "Emily" not in str(rows(view="names"))
        assert '"name":""' in str(rows(view="names"))
