"""What wins a race, what a fault leaves behind, and what is refused in the end."""

import json
import threading
from functools import cache
from types import SimpleNamespace

import pytest

from support import faulty_client
from support.faulty_client import Crash, OneAtATime
from support.kernel.box import BOX, MAKE, THROW, fill
from support.kernel.stored_box import BACK, BOX_ID, NEW, SCOPE, THE_BOX, count, events, keyed
from support.spec import OTHER, TENANT
from troupe.aws.deadline import within
from troupe.domain.decider import Rejected
from troupe.ids import new_id
from troupe.store import keys, reads, writes
from troupe.store import table as tables
from troupe.store.aggregates import Ref
from troupe.store.commit import ATTEMPTS
from troupe.store.table import Unavailable
from troupe.store.transact import Contended, Decision, Replayed, execute, load, transact


class TestRaces:
    def test_a_lost_race_is_decided_again(self, table, quick):
        execute(SCOPE, NEW, MAKE)

        def slowly(at):
            if at.of(THE_BOX).version == 1:
                execute(SCOPE, THE_BOX, fill("first"))
            return Decision(changes=(at.decide(THE_BOX, fill("second")),))

        assert transact(SCOPE, (THE_BOX,), slowly).first.state.contents == ("first", "second")

    def test_every_race_lost_is_contended(self, table, quick):
        execute(SCOPE, NEW, MAKE)

        def always_late(at):
            execute(SCOPE, THE_BOX, BACK, deleted=True)
            return Decision(changes=(at.decide(THE_BOX, BACK),))

        with pytest.raises(Contended):
            transact(SCOPE, (THE_BOX,), always_late)

    def test_with_little_time_left_it_is_contended_at_once(self, table, quick):
        execute(SCOPE, NEW, MAKE)
        decided = []

        def always_late(at):
            decided.append(at.of(THE_BOX).version)
            execute(SCOPE, THE_BOX, BACK, deleted=True)
            return Decision(changes=(at.decide(THE_BOX, BACK),))

        soon = SimpleNamespace(get_remaining_time_in_millis=lambda: 4000)
        with within(soon), pytest.raises(Contended):
            transact(SCOPE, (THE_BOX,), always_late)
        assert decided == [1]

    def test_eleven_that_were_first_are_no_refusal(self, table, quick):
        execute(SCOPE, NEW, MAKE)
        before = load(TENANT, BOX, BOX_ID).version
        lost = []

        def decide(at):
            if len(lost) < 11:
                lost.append(execute(SCOPE, THE_BOX, BACK, deleted=True))
            return Decision(changes=(at.decide(THE_BOX, BACK),))

        assert transact(SCOPE, (THE_BOX,), decide).first.version == before + 12

    def test_twelve_writers_at_once_all_write(self, conflicting, at_once):
        execute(SCOPE, NEW, MAKE)
        versions = at_once(12, lambda _: execute(SCOPE, THE_BOX, BACK, deleted=True).version)
        assert sorted(versions) == [*range(2, 14)]

    def test_creating_what_is_there_is_decided_on_what_is_there(self, table, quick):
        execute(SCOPE, NEW, MAKE)
        with pytest.raises(Rejected) as refused:
            execute(SCOPE, NEW, MAKE)
        assert (refused.value.code, load(TENANT, BOX, BOX_ID).version) == ("box_exists", 1)

    def test_a_check_that_fails_is_decided_again(self, table, quick):
        execute(SCOPE, NEW, MAKE)
        other = Ref(decider=BOX, id=new_id(), creates=True)
        seen = []

        def decide(at):
            box = at.of(THE_BOX)
            seen.append(box.version)
            if len(seen) == 1:
                execute(SCOPE, THE_BOX, fill("x"))
            guard = writes.unchanged(THE_BOX.key(TENANT), box.version)
            return Decision(changes=(at.decide(other, MAKE),), actions=(guard,))

        transact(SCOPE, (THE_BOX, other), decide)
        assert seen == [1, 2]

    def test_threads_fill_a_box_of_three_with_three(self, table, quick, monkeypatch):
        client = OneAtATime(tables.client())
        monkeypatch.setattr(tables, "client", cache(lambda: client))
        execute(SCOPE, NEW, MAKE)
        outcomes = []

        def try_it(word):
            try:
                execute(SCOPE, THE_BOX, fill(word))
                outcomes.append("filled")
            except (Rejected, Contended) as no:
                outcomes.append(type(no).__name__)

        threads = [threading.Thread(target=try_it, args=(str(n),)) for n in range(8)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        stands = load(TENANT, BOX, BOX_ID).state
        assert len(stands.contents) == outcomes.count("filled") <= 3
        assert BOX.fold(events(table)) == stands


FAULTS = [
    [faulty_client.throttle],
    [faulty_client.conflict],
    [faulty_client.throttled_inside],
    [faulty_client.unsent],
    [faulty_client.lost],
    [faulty_client.conflict, faulty_client.lost],
    [faulty_client.lost, faulty_client.throttle, faulty_client.lost],
]


class TestFaults:
    @pytest.mark.parametrize("script", FAULTS)
    def test_a_create_takes_effect_once(self, table, faulty, script):
        client = faulty(*script)
        assert execute(SCOPE, NEW, MAKE).version == 1
        assert len(set(client.tokens)) == client.calls > 1
        assert len(events(table)) == 1

    @pytest.mark.parametrize("script", FAULTS)
    @pytest.mark.parametrize("scope", [SCOPE, keyed()], ids=["bare", "keyed"])
    def test_a_command_takes_effect_once(self, table, faulty, script, scope):
        execute(SCOPE, NEW, MAKE)
        faulty(*script)
        assert execute(scope, THE_BOX, fill("sand")).version == 2
        assert load(TENANT, BOX, BOX_ID).state.contents == ("sand",)

    @pytest.mark.parametrize("fault", [faulty_client.throttle, faulty_client.conflict, faulty_client.unsent])
    def test_without_end_it_is_unavailable_and_nothing_is_done(self, table, faulty, fault):
        client = faulty(*[fault] * 99)
        with pytest.raises(Unavailable):
            execute(SCOPE, NEW, MAKE)
        assert client.calls == ATTEMPTS
        assert count(table) == 0

    def test_a_crash_before_the_commit_leaves_nothing(self, table, faulty):
        faulty(faulty_client.crash_before)
        with pytest.raises(Crash):
            execute(keyed(), NEW, MAKE)
        assert count(table) == 0

    def test_after_a_crash_behind_the_commit_the_caller_asks_again_and_is_answered(self, table, faulty):
        faulty(faulty_client.crash_after)
        with pytest.raises(Crash):
            execute(keyed(), NEW, MAKE)
        with pytest.raises(Replayed) as replayed:
            execute(keyed(), Ref(decider=BOX, id=new_id(), creates=True), MAKE)
        assert replayed.value.answer.body == {"version": 1}

    def test_a_condition_and_a_conflict_together_are_an_answer(self, table, faulty):
        from botocore.exceptions import ClientError

        def both(call):
            reasons = [{"Code": "ConditionalCheckFailed"}, {"Code": "TransactionConflict"}]
            failed = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
            raise ClientError(failed, "TransactWriteItems")

        client = faulty(both)
        execute(SCOPE, NEW, MAKE)
        assert client.calls == 2

    def test_what_is_no_answer_is_raised(self, table, faulty):
        from botocore.exceptions import ClientError

        def denied(call):
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "TransactWriteItems")

        faulty(denied)
        with pytest.raises(ClientError, match="AccessDenied"):
            execute(SCOPE, NEW, MAKE)


class TestRefusals:
    def test_a_guard_that_is_held(self, table):
        guard = keys.unique("name", "blue", TENANT)
        taken = Rejected("name_taken", "It is.")

        def make(ref):
            return lambda at: Decision(
                changes=(at.decide(ref, MAKE),), actions=(writes.claim(guard, {"owner": ref.id}, taken),)
            )

        transact(SCOPE, (), make(NEW))
        before = count(table)
        other = Ref(decider=BOX, id=new_id(), creates=True)
        with pytest.raises(Rejected, match="It is"):
            transact(SCOPE, (), make(other))
        assert count(table) == before
        transact(
            SCOPE,
            (THE_BOX,),
            lambda at: Decision(
                changes=(at.decide(THE_BOX, THROW),), actions=(writes.release(guard, owner=BOX_ID),)
            ),
        )
        transact(SCOPE, (), make(other))

    def test_stale_comes_before_refused(self, table, quick):
        execute(SCOPE, NEW, MAKE)
        tally = keys.counter(TENANT, "things", "x")
        seen = []

        def decide(at):
            seen.append(at.of(THE_BOX).version)
            if len(seen) == 1:
                execute(SCOPE, THE_BOX, fill("x"))
            refused = Rejected("none_left", "None.")
            take = writes.update(tally, "ADD n :n", {"n": 1}, condition="n < :n", refused=refused)
            return Decision(changes=(at.decide(THE_BOX, fill("y")),), actions=(take,))

        with pytest.raises(Rejected, match="None"):
            transact(SCOPE, (THE_BOX,), decide)
        assert seen == [1, 2]

    def test_an_index_key_of_another_tenant_is_refused(self, table):
        from troupe.store.keys import ForeignKey, own

        with pytest.raises(ForeignKey):
            own(TENANT, f"{OTHER}#BOXES")

    def test_more_than_a_hundred_actions(self, table):
        from troupe.store.commit import commit

        with pytest.raises(ValueError, match="100"):
            commit([writes.put(keys.counter(TENANT, "x", str(n)), {}) for n in range(101)])


class TestBatches:
    def test_what_is_left_unprocessed_is_asked_for_again(self, table, faulty):
        execute(SCOPE, NEW, MAKE)

        def half(call):
            keys_ = {"t": {"Keys": [{"PK": {"S": f"{TENANT}#BOX#{BOX_ID}"}, "SK": {"S": "STATE"}}]}}
            return {"Responses": {}, "UnprocessedKeys": keys_}

        faulty(half, half, operation="batch_get_item")
        assert load(TENANT, BOX, BOX_ID).version == 1
        faulty(*[half] * 99, operation="batch_get_item")
        with pytest.raises(Unavailable):
            load(TENANT, BOX, BOX_ID)

    def test_more_than_a_hundred_keys(self, table):
        with pytest.raises(ValueError, match="100"):
            reads.batch([keys.counter(TENANT, "x", str(n)) for n in range(101)])

    def test_one(self, table):
        assert reads.one(THE_BOX.key(TENANT)) is None
        execute(SCOPE, NEW, MAKE)
        assert json.loads(reads.one(THE_BOX.key(TENANT))["state"])["name"] == "blue"
