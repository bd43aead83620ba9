"""A sum in buckets: never more than the limit, the last one can be taken, and a debt is paid first."""

from functools import partial

import pytest

from support.faulty_client import all_conflict
from support.kernel.box import BOX, MAKE
from support.kernel.stored_box import SCOPE
from support.spec import TENANT
from troupe.domain.decider import Rejected
from troupe.ids import new_id
from troupe.store import buckets, keys, reads, writes
from troupe.store import table as tables
from troupe.store.aggregates import Ref
from troupe.store.buckets import Held, Level, Sum
from troupe.store.commit import Stale, commit
from troupe.store.transact import Decision, transact

SEATS = Sum(keys.counter(TENANT, "seats", "x"), 4)
FULL = Rejected("full", "There is none left.")
OPEN = Held(
    condition="#state = :open",
    values={"open": "open"},
    names={"#state": "state"},
    holds=lambda bucket: bucket.get("state") == "open",
)


def found():
    return [item or {} for item in map(reads.batch(SEATS.keys).get, SEATS.keys)]


def level():
    return buckets.level(found())


def available():
    return [each["available"] for each in found()]


def drawing(monkeypatch, *drawn):
    """The buckets that chance gives, one after the other."""
    left = list(drawn)
    monkeypatch.setattr("random.randrange", lambda count: left.pop(0) % count)


@pytest.fixture
def sixteen(table, quick):
    commit(SEATS.opened(16))


class TestTaking:
    def test_a_new_sum_is_even(self, sixteen):
        assert (available(), level()) == ([4, 4, 4, 4], Level(used=0, available=16))

    def test_what_was_used_before(self, table):
        commit(SEATS.opened(5, used=2))
        assert (level(), level().limit) == (Level(used=2, available=3), 5)

    def test_one_bucket_gives_it(self, sixteen, monkeypatch):
        drawing(monkeypatch, 2)
        commit([SEATS.take(3, FULL)])
        assert available() == [4, 4, 1, 4]

    def test_one_that_has_too_little_is_passed_over_with_one_read_more(self, sixteen, monkeypatch, calls):
        drawing(monkeypatch, 2, 2, 0)
        commit([SEATS.take(4, FULL)])
        calls.clear()
        commit([SEATS.take(1, FULL)])
        assert calls == ["TransactWriteItems", "BatchGetItem", "TransactWriteItems"]
        assert available() == [3, 4, 0, 4]

    def test_several_give_what_none_has(self, sixteen):
        commit([SEATS.take(15, FULL)])
        assert sum(available()) == 1
        commit([SEATS.take(1, FULL)])
        assert (available(), level().used) == ([0, 0, 0, 0], 16)

    def test_more_than_there_is_is_refused(self, sixteen):
        with pytest.raises(Rejected, match="none left"):
            commit([SEATS.take(17, FULL)])
        assert level() == Level(used=0, available=16)

    def test_a_refusal_of_another_action_comes_in_the_order_of_the_actions(self, sixteen):
        taken = writes.put(SEATS.key(0), {}, absent=True, refused=Rejected("taken", "It is taken."))
        other = Sum(keys.counter(TENANT, "seats", "y"), 1)
        with pytest.raises(Rejected, match="none left"):
            commit([other.take(1, FULL), taken])
        with pytest.raises(Rejected, match="taken"):
            commit([taken, other.take(1, FULL)])

    def test_what_is_stale_comes_before_a_refusal(self, sixteen):
        stale = writes.check(SEATS.key(0), "available = :n", {"n": 99})
        with pytest.raises(Stale):
            commit([Sum(keys.counter(TENANT, "seats", "y"), 1).take(1, FULL), stale])

    def test_a_condition_holds_for_the_bucket_too(self, table, quick):
        commit(SEATS.opened(4, additional={"state": "open"}))
        commit([SEATS.take(1, FULL, OPEN)])
        commit([writes.update(key, "SET #state = :s", {"s": "shut"}, names=OPEN.names) for key in SEATS.keys])
        with pytest.raises(Rejected, match="none left"):
            commit([SEATS.take(1, FULL, OPEN)])
        assert level().used == 1


class TestGivingBack:
    def test_it_can_be_taken_again(self, sixteen):
        commit([SEATS.take(16, FULL)])
        commit([SEATS.give_back(2)])
        assert level() == Level(used=14, available=2)

    def test_no_more_than_is_used_where_that_matters(self, sixteen, monkeypatch):
        commit([SEATS.take(6, FULL)])
        none = Rejected("negative_amount", "Less is there.")
        commit([SEATS.give_back(5, none)])
        with pytest.raises(Rejected, match="Less"):
            commit([SEATS.give_back(2, none)])
        commit([SEATS.give_back(1, none)])
        assert level() == Level(used=0, available=16)


class TestLimit:
    def test_a_higher_one(self, sixteen):
        commit(SEATS.relimit(16, 18))
        assert available() == [5, 5, 4, 4]

    def test_the_same_one(self):
        assert SEATS.relimit(16, 16) == ()

    def test_a_lower_one_that_each_bucket_bears(self, sixteen):
        commit(SEATS.relimit(16, 8))
        assert available() == [2, 2, 2, 2]

    def test_a_lower_one_that_one_bucket_does_not_bear(self, sixteen, monkeypatch):
        drawing(monkeypatch, 1)
        commit([SEATS.take(4, FULL)])
        commit(SEATS.relimit(16, 12))
        assert (available(), level()) == ([2, 2, 2, 2], Level(used=4, available=8))

    def test_one_below_what_is_used_is_a_debt(self, sixteen):
        commit([SEATS.take(10, FULL)])
        commit(SEATS.relimit(16, 7))
        assert (available(), level().limit) == ([-3, 0, 0, 0], 7)
        with pytest.raises(Rejected):
            commit([SEATS.take(1, FULL)])

    def test_a_debt_is_paid_before_anything_can_be_taken(self, sixteen):
        commit([SEATS.take(10, FULL)])
        commit(SEATS.relimit(16, 7))
        for left in (-2, -1, 0):
            commit([SEATS.give_back(1)])
            assert available() == [left, 0, 0, 0]
        with pytest.raises(Rejected):
            commit([SEATS.take(1, FULL)])
        commit([SEATS.give_back(1)])
        commit([SEATS.take(1, FULL)])
        assert level() == Level(used=7, available=0)

    def test_a_higher_one_ends_a_debt(self, sixteen):
        commit([SEATS.take(10, FULL)])
        commit(SEATS.relimit(16, 7))
        commit(SEATS.relimit(7, 9))
        assert available() == [-1, 0, 0, 0]
        commit(SEATS.relimit(9, 18))
        assert (available(), level()) == ([2, 2, 2, 2], Level(used=10, available=8))
        assert not any("over" in item for item in found())

    def test_a_debt_that_is_paid_meanwhile_is_none(self, sixteen, monkeypatch):
        commit([SEATS.take(10, FULL)])
        commit(SEATS.relimit(16, 7))
        read = Sum.read

        def later(total):
            monkeypatch.setattr(Sum, "read", read)
            commit(SEATS.relimit(7, 16))
            return read(total)

        monkeypatch.setattr(Sum, "read", later)
        commit([SEATS.give_back(1)])
        assert level() == Level(used=9, available=7)


def make(refuse, _number):
    """A box is made with a seat."""
    return make_with(lambda: (refuse(),))


def make_with(act):
    """A box is made with these actions, in a transaction with events."""
    box = Ref(decider=BOX, id=new_id(), creates=True)
    try:
        transact(SCOPE, (), lambda at: Decision(changes=(at.decide(box, MAKE),), actions=tuple(act())))
    except Rejected:
        return False
    return True


class TestConflicts:
    """Without an event that shows what became of an attempt, the same actions go again; with one, another bucket."""

    @pytest.mark.parametrize(
        ("act", "expected"),
        [
            (lambda: [SEATS.take(2, FULL)], Level(used=6, available=10)),
            (lambda: [SEATS.room(2, FULL)], Level(used=4, available=12)),
            (lambda: [SEATS.give_back(2, FULL)], Level(used=2, available=14)),
            (lambda: SEATS.relimit(16, 20), Level(used=4, available=16)),
        ],
        ids=["take", "room", "give back", "limit"],
    )
    def test_what_meets_another_transaction_is_written_once(self, sixteen, faulty, act, expected):
        commit([SEATS.take(4, FULL)])
        faulty(all_conflict, all_conflict)
        assert make_with(act)
        assert level() == expected


class TestAtOnce:
    def test_forty_want_sixteen(self, conflicting, at_once):
        commit(SEATS.opened(16))
        made = at_once(40, partial(make, lambda: SEATS.take(1, FULL)))
        assert (made.count(True), level()) == (16, Level(used=16, available=0))

    def test_a_limit_that_is_lowered_meanwhile_is_kept(self, conflicting, at_once):
        commit(SEATS.opened(40))

        def act(number):
            return commit(SEATS.relimit(40, 12)) if number == 7 else make(lambda: SEATS.take(1, FULL), number)

        made = at_once(30, act)
        assert level() == Level(used=made.count(True), available=12 - made.count(True))
        assert level().available <= 0 or made.count(True) == 29

    def test_what_meets_in_one_bucket_goes_to_another(self, conflicting, at_once):
        commit(SEATS.opened(400))
        assert all(at_once(20, partial(make, lambda: SEATS.take(1, FULL))))
        assert level().used == 20
        assert conflicting is tables.client()
