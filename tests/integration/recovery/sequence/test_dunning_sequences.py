"""Sequences are written (create_dunning_sequence), published anew, and used or not; editions stay."""

import pytest

from recovery.sequence import transactions
from support.command_contract import ALL, CommandContract
from support.dynamodb import before_next_write, stored_events, stored_items
from support.recovery.tenant import BODY, SUBJECT, Call, ask, steps
from support.spec import OTHER, TENANT
from troupe.ids import new_id
from troupe.store import reads

STEP = {"delay_hours": 0, "subject_template": SUBJECT, "body_template": BODY}
CONTENT = {"name": "Gentle", "steps": [STEP, STEP | {"delay_hours": 72}]}
create = Call("create_dunning_sequence", "POST /workspaces/{workspace_id}/dunning-sequences", CONTENT)
update = Call("update_dunning_sequence", "PUT /dunning-sequences/{dunning_sequence_id}", CONTENT)
enable = Call("enable_dunning_sequence", "POST /dunning-sequences/{dunning_sequence_id}/enable")
disable = Call("disable_dunning_sequence", "POST /dunning-sequences/{dunning_sequence_id}/disable")


def of(sequence_id):
    return {"dunning_sequence_id": sequence_id}


class TestCreate:
    def test_manners(self, tenant):
        path = {"workspace_id": tenant.workspace()}
        reply = CommandContract(create, path, "dunning_sequence:create", stale=False).check()
        assert reply.status == 201
        assert reply.headers["location"] == f"/v1/recovery/dunning-sequences/{reply.body['id']}"
        assert reply.body["warnings"] == []

    def test_the_first_is_the_default_and_none_is_in_use(self, tenant):
        workspace = tenant.workspace()
        first, second = (create({"workspace_id": workspace}).body["id"] for _ in range(2))
        assert tenant.load_workspace(workspace).state.default_sequence_id == first
        assert not tenant.load_sequence(first).state.is_enabled
        assert [each.aggregate_id for each in stored_events("dunning_sequence.created")] == [first, second]

    def test_two_first_ones_at_once_leave_one_default(self, tenant):
        workspace, made = tenant.workspace(), []
        with before_next_write(lambda: made.append(create({"workspace_id": workspace}).body["id"])):
            second = create({"workspace_id": workspace})
        assert second.status == 201
        assert tenant.load_workspace(workspace).state.default_sequence_id == made[0]

    def test_what_may_be_a_mistake_is_pointed_out(self, tenant):
        body = CONTENT | {"steps": [STEP | {"body_template": "Please pay."}]}
        reply = create({"workspace_id": tenant.workspace()}, body=body)
        assert reply.body["warnings"] == [{"step": 0, "code": "names_no_access_end"}]

    @pytest.mark.parametrize(
        "steps, code",
        [
            ([STEP | {"body_template": "Hi {{ name }}"}], "unknown_variable"),
            ([STEP | {"body_template": "{% if %}"}], "bad_template"),
            ([STEP | {"subject_template": "a\r\nBcc: b@example.com"}], "invalid_request"),
            ([STEP | {"body_template": "We will retry your card."}], "promises_retry"),
            ([STEP | {"body_template": "Your card was stolen."}], "decline_reason_in_mail"),
            ([STEP, STEP], "wrong_delays"),
            ([STEP | {"id": new_id()}], "unknown_step"),
            ([], "invalid_request"),
            ([STEP | {"delay_hours": -1}], "invalid_request"),
            ([STEP | {"status": "sent"}], "invalid_request"),
            ([STEP | {"body_template": "x" * 20_001}], "invalid_request"),
            ([STEP | {"delay_hours": at} for at in range(21)], "invalid_request"),
        ],
    )
    def test_what_is_refused_leaves_no_trace(self, tenant, steps, code):
        path = {"workspace_id": tenant.workspace()}
        before = stored_items()
        reply = create(path, body=CONTENT | {"steps": steps})
        assert (reply.status, reply.body["code"]) == (422, code)
        assert stored_items() == before

    def test_more_than_a_request_holds(self, tenant):
        steps = [STEP | {"delay_hours": at, "body_template": "x" * 19_000} for at in range(8)]
        assert create({"workspace_id": tenant.workspace()}, body=CONTENT | {"steps": steps}).status == 413

    def test_only_in_a_workspace_of_the_tenant(self, tenant):
        before = stored_items()
        assert create({"workspace_id": new_id()}).status == 404
        assert stored_items() == before


class TestUpdate:
    def test_manners(self, tenant):
        sequence = tenant.sequence(tenant.workspace(), enabled=False)
        reply = CommandContract(update, of(sequence), "dunning_sequence:update").check()
        assert (reply.body["id"], reply.body["version"]) == (sequence, 2)

    def test_s41_former_editions_can_be_read_for_ever(self, tenant):
        """S-41: attempts of edition 1 find their steps and texts there, also after later editions."""
        sequence = tenant.sequence(tenant.workspace(), *steps(0, 72, 144))
        first = tenant.load_sequence(sequence).state.current
        kept = {"id": first.steps[0].id, **STEP}
        update(of(sequence), body={"name": "Short", "steps": [kept, STEP | {"delay_hours": 24}]})
        update(of(sequence), body={"name": "Shorter", "steps": [kept]})
        disable(of(sequence))
        stored = reads.one(transactions.edition_key(TENANT, sequence, 1))
        assert transactions.edition_of(stored) == first
        shown = [
            ask("/dunning-sequences/{dunning_sequence_id}/versions/{version}", of(sequence) | {"version": at})
            for at in ("1", "2", "3")
        ]
        assert [[each["delay_hours"] for each in reply.body["steps"]] for reply in shown] == [
            [0, 72, 144],
            [0, 24],
            [0],
        ]
        assert {reply.body["steps"][0]["id"] for reply in shown} == {first.steps[0].id}

    def test_a_name_alone_is_no_edition_and_the_same_again_is_nothing(self, tenant):
        sequence = tenant.sequence(tenant.workspace(), *steps(0), enabled=False)
        (only,) = tenant.load_sequence(sequence).state.current.steps
        same = {"name": "Firm", "steps": [{"id": only.id, **STEP}]}
        assert update(of(sequence), body=same).body["version"] == 2
        assert update(of(sequence), body=same).body["version"] == 2
        assert tenant.load_sequence(sequence).state.current.edition == 1

    def test_two_at_once_are_two_editions(self, tenant):
        sequence = tenant.sequence(tenant.workspace(), enabled=False)
        other = CONTENT | {"name": "Other", "steps": [STEP | {"delay_hours": 5}]}
        with before_next_write(lambda: update(of(sequence), body=other)):
            assert update(of(sequence)).status == 200
        editions = [each.data["edition"] for each in stored_events("dunning_sequence.updated")]
        assert editions == [2, 3]
        assert tenant.load_sequence(sequence).state.name == "Gentle"

    def test_what_cannot_be_published_changes_nothing(self, tenant):
        sequence = tenant.sequence(tenant.workspace())
        before = stored_items()
        bad = CONTENT | {"steps": [STEP | {"body_template": "We will retry your card."}]}
        assert update(of(sequence), body=bad).body["code"] == "promises_retry"
        assert stored_items() == before


class TestUse:
    def test_on_once(self, tenant):
        sequence = tenant.sequence(tenant.workspace(), enabled=False)
        CommandContract(enable, of(sequence), "dunning_sequence:enable").check()
        assert tenant.load_sequence(sequence).state.is_enabled
        assert enable(of(sequence)).body["version"] == 2

    def test_off_once(self, tenant):
        sequence = tenant.sequence(tenant.workspace())
        CommandContract(disable, of(sequence), "dunning_sequence:disable").check()
        assert disable(of(sequence)).body["version"] == 3
        assert not tenant.load_sequence(sequence).state.is_enabled

    @pytest.mark.parametrize("call", [update, enable, disable])
    def test_an_unknown_sequence_or_one_of_another_tenant(self, tenant, call):
        sequence = tenant.sequence(tenant.workspace())
        assert call(of(sequence), tenant_id=OTHER).status == 404
        assert call(of(new_id())).status == 404
        assert call(of("first")).status == 404


def test_reading_takes_the_permission(tenant):
    sequence = tenant.sequence(tenant.workspace())
    reply = ask(
        "/dunning-sequences/{dunning_sequence_id}",
        of(sequence),
        permissions=ALL - {"dunning_sequence:read"},
    )
    assert (reply.status, reply.body["code"]) == (403, "permission_required")
