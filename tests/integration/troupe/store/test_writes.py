"""The store against a table: what is written together, what is read, and what a repeated request gets."""

from dataclasses import replace
from typing import ClassVar

import pytest

from support.kernel.box import BOX, MAKE, THROW, Box, Make, fill
from support.kernel.stored_box import BACK, BOX_ID, NEW, SCOPE, THE_BOX, count, events, keyed
from support.spec import NOON, OTHER, TENANT
from troupe.domain.decider import Rejected
from troupe.ids import new_id
from troupe.store import keys, transact, writes
from troupe.store.aggregates import Ref
from troupe.store.commit import Stale, commit
from troupe.store.scope import Answer
from troupe.store.transact import KeyReused, PreconditionFailed, Replayed, Unknown, execute, load


class TestWrites:
    def test_state_and_events_stand_together_and_the_fold_is_the_state(self, table):
        execute(SCOPE, NEW, MAKE)
        execute(SCOPE, THE_BOX, fill("sand"))
        stands = load(TENANT, BOX, BOX_ID)
        assert (stands.version, stands.state) == (2, Box(name="blue", contents=("sand",)))
        assert BOX.fold(events(table)) == stands.state

    def test_an_event_carries_the_whole_envelope(self, table):
        execute(replace(SCOPE, causation_id="cause"), NEW, MAKE)
        item = table.get_item(
            TableName="t", Key={"PK": {"S": f"{TENANT}#BOX#{BOX_ID}"}, "SK": {"S": "EVENT#000000000001"}}
        )["Item"]
        plain = {name: next(iter(value.values())) for name, value in item.items()}
        assert plain.pop("id")
        assert plain == {
            "PK": f"{TENANT}#BOX#{BOX_ID}",
            "SK": "EVENT#000000000001",
            "type": "box.made",
            "tenant_id": TENANT,
            "aggregate": "box",
            "aggregate_id": BOX_ID,
            "version": "1",
            "occurred_at": "2026-01-31T12:00:00.000000Z",
            "actor": NOON.actor,
            "correlation_id": "c",
            "causation_id": "cause",
            "schema_version": "1",
            "data": '{"name":"blue"}',
        } | {name: plain[name] for name in plain.keys() & {"context"}}

    def test_what_changes_nothing_writes_nothing(self, table):
        execute(SCOPE, NEW, MAKE)
        execute(SCOPE, THE_BOX, fill("sand"))
        assert execute(SCOPE, THE_BOX, fill("sand")).version == 2
        assert count(table) == 3

    def test_a_refusal_writes_nothing(self, table):
        execute(SCOPE, NEW, MAKE)
        for word in "abc":
            execute(SCOPE, THE_BOX, fill(word))
        before = count(table)
        with pytest.raises(Rejected, match="Three things"):
            execute(SCOPE, THE_BOX, fill("d"))
        assert count(table) == before

    def test_the_summary_stands_in_the_index(self, table):
        execute(SCOPE, NEW, MAKE)
        found = table.query(
            TableName="t",
            IndexName="GSI1",
            KeyConditionExpression="GSI1PK = :pk",
            ExpressionAttributeValues={":pk": {"S": f"{TENANT}#BOXES"}},
        )["Items"]
        assert [item["summary"]["M"]["name"]["S"] for item in found] == ["blue"]

    def test_an_event_over_200_kb_is_refused(self, table):
        with pytest.raises(Rejected) as refused:
            execute(SCOPE, NEW, Make(word="x" * 200_001))
        assert refused.value.code == "event_too_large"


class TestReads:
    def test_nothing_is_unknown(self, table):
        with pytest.raises(Unknown):
            execute(SCOPE, THE_BOX, fill("sand"))

    def test_another_tenants_is_unknown(self, table):
        execute(SCOPE, NEW, MAKE)
        with pytest.raises(Unknown):
            execute(replace(SCOPE, context=replace(SCOPE.context, tenant_id=OTHER)), THE_BOX, fill("sand"))

    def test_the_deleted_is_unknown_but_to_what_takes_it_back(self, table):
        execute(SCOPE, NEW, MAKE)
        execute(SCOPE, THE_BOX, THROW)
        with pytest.raises(Unknown):
            execute(SCOPE, THE_BOX, fill("sand"))
        back = execute(SCOPE, THE_BOX, BACK, deleted=True)
        assert (back.deleted, load(TENANT, BOX, BOX_ID).deleted) == (False, False)


class TestIfMatch:
    def test_the_version_seen(self, table):
        execute(SCOPE, NEW, MAKE)
        assert execute(replace(SCOPE, if_match=1), THE_BOX, fill("sand")).version == 2

    def test_a_stale_one(self, table):
        execute(SCOPE, NEW, MAKE)
        execute(SCOPE, THE_BOX, fill("sand"))
        with pytest.raises(PreconditionFailed) as stale:
            execute(replace(SCOPE, if_match=1), THE_BOX, fill("more"))
        assert stale.value.version == 2

    def test_it_does_not_turn_the_unknown_into_the_stale(self, table):
        with pytest.raises(Unknown):
            execute(replace(SCOPE, if_match=1), THE_BOX, fill("sand"))


class TestIdempotency:
    def test_the_same_request_gives_the_stored_response(self, table):
        execute(SCOPE, NEW, MAKE)
        execute(keyed(), THE_BOX, fill("sand"))
        with pytest.raises(Replayed) as replayed:
            execute(keyed(), THE_BOX, fill("sand"))
        assert replayed.value.answer == Answer(status=200, body={"version": 2}, headers={"etag": "x"})

    def test_it_decides_before_if_match(self, table):
        execute(SCOPE, NEW, MAKE)
        execute(replace(keyed(), if_match=1), THE_BOX, fill("sand"))
        with pytest.raises(Replayed):
            execute(replace(keyed(), if_match=1), THE_BOX, fill("sand"))

    def test_another_request_under_the_key(self, table):
        execute(SCOPE, NEW, MAKE)
        execute(keyed(), THE_BOX, fill("sand"))
        with pytest.raises(KeyReused):
            execute(keyed("other"), THE_BOX, fill("salt"))

    def test_a_create_reads_nothing_and_sees_it_all_the_same(self, table, faulty):
        client = faulty(operation="batch_get_item")
        execute(keyed(), NEW, MAKE)
        assert client.calls == 0
        with pytest.raises(Replayed):
            execute(keyed(), Ref(decider=BOX, id=new_id(), creates=True), MAKE)

    def test_a_create_with_another_request(self, table):
        execute(keyed(), NEW, MAKE)
        with pytest.raises(KeyReused):
            execute(keyed("other"), Ref(decider=BOX, id=new_id(), creates=True), MAKE)

    def test_it_ends_after_48_hours_though_the_record_lingers(self, table):
        execute(keyed(), NEW, MAKE)
        later = replace(SCOPE.context, now=NOON.now + transact.IDEMPOTENT_FOR)
        execute(keyed("other", scope=replace(SCOPE, context=later)), THE_BOX, fill("sand"))
        assert load(TENANT, BOX, BOX_ID).version == 2

    def test_a_refusal_is_not_stored(self, table):
        with pytest.raises(Unknown):
            execute(keyed(), THE_BOX, fill("sand"))
        assert count(table) == 0


class TestForgetting:
    GUARD = keys.unique("email", "x")
    OWNER: ClassVar = {"tenant_id": TENANT, "principal_id": "ann"}

    def test_removes_an_item_that_is_there_or_not(self, table):
        commit([writes.put(self.GUARD, self.OWNER)])
        for _ in range(2):
            commit([writes.forget(self.GUARD)])
            assert count(table) == 0

    def test_a_guard_is_given_up_by_its_owner_or_where_there_is_none(self, table):
        commit([writes.put(self.GUARD, self.OWNER)])
        with pytest.raises(Stale):
            commit([writes.vacate(self.GUARD, tenant_id=TENANT, principal_id="bob")])
        for _ in range(2):
            commit([writes.vacate(self.GUARD, **self.OWNER)])
            assert count(table) == 0
