"""S-41: running attempts keep the edition they began with, until MigrateAttempts moves them to the newest."""

from datetime import timedelta

import pytest

from recovery.attempt.commands import AbandonRecoveryAttempt, ClaimStep, RecordStepSent, SequenceStep
from recovery.attempt.events import SequenceEdition
from recovery.case import migrate as case_migrate
from support.dynamodb import stored_events, stored_items
from support.recovery.open_attempts import ask, open_case, stored
from support.recovery.tenant import BODY, NOON, SUBJECT, Call
from support.spec import OTHER
from troupe.ids import new_id

migrate = Call("migrate_attempts", "POST /dunning-sequences/{dunning_sequence_id}/migrate-attempts", {})
update = Call("update_dunning_sequence", "PUT /dunning-sequences/{dunning_sequence_id}")


@pytest.fixture
def workspace(tenant):
    return tenant.workspace()


@pytest.fixture
def sequence(tenant, workspace):
    return tenant.sequence(workspace)


def path(sequence):
    return {"dunning_sequence_id": sequence}


def begun(tenant, workspace, sequence, **given):
    """An attempt by the edition that stands now."""
    current = tenant.load_sequence(sequence).state.current
    steps = tuple(SequenceStep(id=each.id, delay_hours=each.delay_hours) for each in current.steps)
    edition = SequenceEdition(id=sequence, edition=current.edition, delays_from=current.delays_from)
    return open_case(tenant, workspace, sequence=edition, steps=steps, **given)


def publish(tenant, sequence, *delays):
    """Another edition of as many of its steps, with other delays."""
    current = tenant.load_sequence(sequence).state.current
    steps = [
        {"id": step.id, "delay_hours": delay, "subject_template": SUBJECT, "body_template": BODY}
        for step, delay in zip(current.steps, delays, strict=False)
    ]
    assert update(path(sequence), body={"name": "Gentle", "steps": steps}).status == 200


def send_first(tenant, attempt):
    first = stored(attempt).state.steps[0].id
    ask(tenant, attempt, ClaimStep(step_id=first, fetched_at=NOON))
    ask(tenant, attempt, RecordStepSent(step_id=first, sent_at=NOON))


def test_what_was_sent_stays_sent_and_the_rest_goes_by_the_new_edition(tenant, workspace, sequence):
    attempts = [begun(tenant, workspace, sequence, invoice=f"in_{number}") for number in range(3)]
    send_first(tenant, attempts[0])
    publish(tenant, sequence, 0, 24)
    assert {stored(each).state.sequence.edition for each in attempts} == {1}
    reply = migrate(path(sequence))
    assert (reply.status, reply.body) == (
        200,
        {"id": sequence, "edition": 2, "moved": 3, "kept": 0, "after": None},
    )
    assert {stored(each).state.sequence.edition for each in attempts} == {2}
    assert [step.status for step in stored(attempts[0]).state.steps] == ["sent", "scheduled"]
    assert [len(stored(each).state.steps) for each in attempts] == [2, 2, 2]
    told = stored_events("recovery_attempt.migrated")
    assert len(told) == 3
    assert {each.actor for each in told} == {"0192f0c1-0000-7000-8000-0000000000a1"}


def test_made_again_it_moves_nothing(tenant, workspace, sequence):
    begun(tenant, workspace, sequence)
    publish(tenant, sequence, 0, 24)
    migrate(path(sequence))
    before = stored_items()
    assert migrate(path(sequence)).body | {"id": ""} == {
        "id": "",
        "edition": 2,
        "moved": 0,
        "kept": 1,
        "after": None,
    }
    assert stored_items() == before


def test_only_those_of_the_sequence_that_run_and_are_not_busy(tenant, workspace, sequence):
    other = tenant.sequence(workspace)
    elsewhere = begun(tenant, workspace, other, invoice="in_1")
    ended = begun(tenant, workspace, sequence, invoice="in_2")
    ask(tenant, ended, AbandonRecoveryAttempt())
    busy = begun(tenant, workspace, sequence, invoice="in_3")
    ask(tenant, busy, ClaimStep(step_id=stored(busy).state.steps[0].id, fetched_at=NOON))
    publish(tenant, sequence, 0, 24)
    body = migrate(path(sequence)).body
    assert (body["moved"], body["kept"]) == (0, 1)
    assert stored(elsewhere).state.sequence == SequenceEdition(id=other, edition=1)
    assert {stored(each).state.sequence.edition for each in (ended, busy)} == {1}


def test_it_goes_on_where_it_stopped(tenant, workspace, sequence, monkeypatch):
    monkeypatch.setattr(case_migrate, "AT_ONCE", 2)
    for number in range(5):
        begun(
            tenant, workspace, sequence, invoice=f"in_{number}", started_at=NOON - timedelta(hours=9 - number)
        )
    publish(tenant, sequence, 0, 24)
    moved, after = 0, None
    for _ in range(3):
        body = migrate(path(sequence), body={"after": after}).body
        moved, after = moved + body["moved"], body["after"]
    assert (moved, after) == (5, None)


def test_an_unknown_sequence_another_tenant_and_missing_permissions(tenant, sequence):
    before = stored_items()
    assert migrate(path(new_id())).status == 404
    assert migrate(path(sequence), tenant_id=OTHER).status == 404
    assert migrate(path(sequence), principal=None).status == 401
    lacking = {"permissions": frozenset({"dunning_sequence:update"})}
    assert migrate(path(sequence), **lacking).body["code"] == "permission_required"
    assert migrate(path(sequence), body={"x": 1}).body["code"] == "invalid_request"
    assert stored_items() == before
