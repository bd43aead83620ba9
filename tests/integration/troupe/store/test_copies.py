"""Copies: the writer writes all, and a check of any one holds the transaction to them."""

from dataclasses import replace
from functools import partial

import pytest

from support.kernel.box import BOX, MAKE, fill
from support.kernel.stored_box import BOX_ID, SCOPE
from support.spec import TENANT
from troupe.domain.decider import COPIES, Rejected
from troupe.ids import new_id
from troupe.store import copies, keys, reads
from troupe.store.aggregates import Ref
from troupe.store.commit import Stale, commit
from troupe.store.transact import Decision, execute, transact

SHOP = keys.counter(TENANT, "shop", "x", "SHOP")
COPIED = replace(BOX, copies=COPIES)
NEW, THE_BOX = Ref(decider=COPIED, id=BOX_ID, creates=True), Ref(decider=COPIED, id=BOX_ID)


def is_open(refused=None):
    return copies.check(SHOP, "#state = :open", {"open": "open"}, names={"#state": "state"}, refused=refused)


@pytest.mark.parametrize("number", range(COPIES))
def test_any_copy_tells(table, monkeypatch, number):
    monkeypatch.setattr("random.randrange", lambda _count: number)
    commit(copies.written(SHOP, {"state": "open"}))
    commit([is_open()])
    commit(copies.written(SHOP, {"state": "shut"}))
    with pytest.raises(Stale):
        commit([is_open()])
    with pytest.raises(Rejected):
        commit([is_open(Rejected("shut", "It is shut."))])


def test_what_is_read_is_the_first(table):
    commit(copies.written(SHOP, {"state": "open"}, 3))
    assert reads.one(copies.key(SHOP))["state"] == "open"
    assert len(reads.batch(copies.keys(SHOP))) == 3


def versions():
    found = reads.batch(copies.keys(THE_BOX.key(TENANT)))
    return [each["version"] for each in found.values()]


def test_an_aggregate_with_copies_writes_its_version_to_all(table):
    execute(SCOPE, NEW, MAKE)
    execute(SCOPE, THE_BOX, fill("sand"))
    assert versions() == [2] * COPIES


def labelled(_number=0, meanwhile=lambda: None):
    """Another box is made, on condition that this one stays as it was read."""
    other = Ref(decider=BOX, id=new_id(), creates=True)
    seen = []

    def decide(at):
        seen.append(at.of(THE_BOX).version)
        if len(seen) == 1:
            meanwhile()
        return Decision(changes=(at.decide(other, MAKE),), actions=(at.unchanged(THE_BOX),))

    transact(SCOPE, (THE_BOX, other), decide)
    return seen


def test_a_change_meanwhile_is_read_again(table, quick):
    execute(SCOPE, NEW, MAKE)
    assert labelled(meanwhile=partial(execute, SCOPE, THE_BOX, fill("sand"))) == [1, 2]


def test_many_check_at_once(conflicting, at_once):
    execute(SCOPE, NEW, MAKE)
    assert at_once(20, labelled) == [[1]] * 20
