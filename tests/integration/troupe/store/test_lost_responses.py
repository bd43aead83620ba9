"""Lost responses: every kind of transaction is carried out once and answered as done."""

import pytest

from support import faulty_client
from support.kernel.box import MAKE, fill
from support.kernel.stored_box import NEW, SCOPE, THE_BOX
from support.spec import TENANT
from troupe.domain.decider import Rejected
from troupe.store import keys, reads, writes
from troupe.store.buckets import Sum
from troupe.store.commit import Stale, commit
from troupe.store.transact import Decision, execute, transact

KEY = keys.counter(TENANT, "things", "x")
SEATS = Sum(keys.counter(TENANT, "seats", "x"), 2)
FULL = Rejected("full", "There is none left.")
SCRIPTS = [
    [faulty_client.lost],
    [faulty_client.unsent, faulty_client.lost],
    [faulty_client.conflict, faulty_client.lost, faulty_client.throttle],
    [faulty_client.lost, faulty_client.lost],
]


@pytest.fixture(params=SCRIPTS, ids=lambda script: "-".join(fault.__name__ for fault in script))
def lossy(request, faulty):
    def begin():
        return faulty(*request.param)

    return begin


class TestWithoutAnEvent:
    """All attempts have the same ClientRequestToken."""

    def one_token(self, client):
        assert len(set(client.tokens)) == 1 < client.calls

    def test_an_addition(self, table, lossy):
        client = lossy()
        commit([writes.update(KEY, "ADD n :one", {"one": 1})])
        assert reads.one(KEY)["n"] == 1
        self.one_token(client)

    def test_a_guard_that_is_claimed(self, table, lossy):
        client = lossy()
        commit([writes.claim(KEY, {"owner": "a"}, Rejected("taken", "It is taken."))])
        assert reads.one(KEY)["owner"] == "a"
        self.one_token(client)

    def test_a_guard_that_is_released(self, table, lossy):
        commit([writes.put(KEY, {"owner": "a"})])
        lossy()
        commit([writes.release(KEY, owner="a")])
        assert reads.one(KEY) is None

    def test_a_put_where_there_is_none(self, table, lossy):
        lossy()
        commit([writes.put(KEY, {"n": 1}, absent=True)])
        assert reads.one(KEY)["n"] == 1

    def test_a_change_under_a_condition(self, table, lossy):
        commit([writes.put(KEY, {"n": 1})])
        lossy()
        commit([writes.update(KEY, "SET n = :two", {"two": 2, "one": 1}, condition="n = :one")])
        assert reads.one(KEY)["n"] == 2

    def test_what_is_taken_of_a_sum(self, table, lossy):
        commit(SEATS.opened(2))
        lossy()
        commit([SEATS.take(2, FULL)])
        assert sum(item["used"] for item in reads.batch(SEATS.keys).values()) == 2

    def test_another_transaction_has_another_token(self, table, faulty):
        client = faulty()
        for _ in range(2):
            commit([writes.update(KEY, "ADD n :one", {"one": 1})])
        assert (reads.one(KEY)["n"], len(set(client.tokens))) == (2, 2)

    def test_what_failed_for_another_reason_is_still_told(self, table, lossy):
        lossy()
        with pytest.raises(Stale):
            commit([writes.update(KEY, "SET n = :two", {"two": 2, "one": 1}, condition="n = :one")])


class TestWithAnEvent:
    """Our own event shows that it was done."""

    def test_a_command_that_takes_the_last_of_a_sum(self, table, lossy):
        commit(SEATS.opened(1))
        lossy()
        made = transact(
            SCOPE, (), lambda at: Decision(changes=(at.decide(NEW, MAKE),), actions=(SEATS.take(1, FULL),))
        )
        assert (made.first.version, sum(i["used"] for i in reads.batch(SEATS.keys).values())) == (1, 1)

    def test_an_addition_beside_it(self, table, lossy):
        execute(SCOPE, NEW, MAKE)
        lossy()
        more = writes.update(KEY, "ADD n :one", {"one": 1})
        transact(
            SCOPE,
            (THE_BOX,),
            lambda at: Decision(changes=(at.decide(THE_BOX, fill("sand")),), actions=(more,)),
        )
        assert reads.one(KEY)["n"] == 1
