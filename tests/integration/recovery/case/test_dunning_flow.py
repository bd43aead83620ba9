"""The flow: begun for each plan, lost and begun anew, and every wait of a case played to its end."""

import json
from datetime import timedelta

import boto3
import pytest

from recovery.attempt.commands import HoldRecoveryAttempt, ResumeRecoveryAttempt
from recovery.case import transactions
from recovery.case.flow import next_action, start_flow, sweep_recovery
from recovery.inbound import REACTIONS
from recovery.workspace.decider import WORKSPACE, ReactivateWorkspace
from support.dynamodb import stored_events
from support.recovery.dunning_flow import dunning, failed, mails
from support.spec import LAMBDA
from troupe.clock import now
from troupe.store import keys, writes
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.envelope import Envelope
from troupe.store.transact import execute, transact

TRUST = {"Version": "2012-10-17", "Statement": []}
PASS = {"StartAt": "Done", "States": {"Done": {"Type": "Wait", "Seconds": 600, "End": True}}}


@pytest.fixture
def place(tenant, tmp_path, monkeypatch):
    monkeypatch.setattr("troupe.store.due.FIRST", timedelta(minutes=30))
    with dunning(tenant, tmp_path) as opened:
        yield opened


@pytest.fixture
def machine(place, monkeypatch):
    """A state machine that takes executions."""
    role = boto3.client("iam").create_role(RoleName="flow", AssumeRolePolicyDocument=json.dumps(TRUST))
    made = boto3.client("stepfunctions").create_state_machine(
        name="dunning", definition=json.dumps(PASS), roleArn=role["Role"]["Arn"]
    )
    monkeypatch.setenv("STATE_MACHINE_ARN", made["stateMachineArn"])
    return made["stateMachineArn"]


def executions(machine):
    client = boto3.client("stepfunctions")
    found = client.list_executions(stateMachineArn=machine)["executions"]
    return {
        each["name"]: json.loads(client.describe_execution(executionArn=each["executionArn"])["input"])
        for each in found
    }


def told(*types):
    """What the queue would bring of these events."""
    bodies = [{"detail": each.detail()} for each in stored_events(*types)]
    records = [{"messageId": f"m{n}", "body": json.dumps(body)} for n, body in enumerate(bodies)]
    return start_flow.handler({"Records": records}, LAMBDA)


def ask(case, command):
    ref = transactions.ref(case.id)
    scope = case.place.tenant.scope(now())
    transact(scope, (ref,), lambda at: transactions.written(at, transactions.decided(at, ref, (command,))))


class TestStart:
    def test_one_execution_for_a_plan_however_often_it_is_told(self, place, machine):
        case = failed(place)
        for _ in range(2):
            answer = told("recovery_attempt.started", "recovery_attempt.retry_scheduled")
            assert answer == {"batchItemFailures": []}
        number = case.attempt.plan_number
        assert executions(machine) == {
            f"{case.id.replace('-', '')}-{number}": {
                "tenant_id": place.tenant.tenant_id,
                "recovery_attempt_id": case.id,
                "plan_version": number,
                "swept": False,
            }
        }

    def test_one_that_is_over_is_not_begun_again(self, place, machine):
        failed(place)
        told("recovery_attempt.started")
        client = boto3.client("stepfunctions")
        (one,) = client.list_executions(stateMachineArn=machine)["executions"]
        client.stop_execution(executionArn=one["executionArn"])
        assert told("recovery_attempt.started") == {"batchItemFailures": []}
        (same,) = client.list_executions(stateMachineArn=machine)["executions"]
        assert (same["name"], same["status"]) == (one["name"], "ABORTED")

    def test_a_new_plan_is_another(self, place, machine):
        case = failed(place)
        told("recovery_attempt.started")
        ask(case, HoldRecoveryAttempt())
        ask(case, ResumeRecoveryAttempt())
        told("recovery_attempt.resumed")
        assert len(executions(machine)) == 2

    def test_what_has_ended_needs_none(self, place, machine):
        case = failed(place)
        place.stripe.paid_out_of_band(case.invoice)
        place.deliver()
        assert told() == {"batchItemFailures": []}
        assert executions(machine) == {}

    def test_what_cannot_be_started_comes_again(self, place, machine, monkeypatch):
        failed(place)
        monkeypatch.setenv("STATE_MACHINE_ARN", f"{machine}-gone")
        assert told("recovery_attempt.started") == {"batchItemFailures": [{"itemIdentifier": "m0"}]}


class TestNextAction:
    def test_an_older_plan_is_superseded(self, place):
        case = failed(place)
        walk = case.walk()
        assert walk.next() == {"action": "send_step", "step_id": case.step(1).id}
        walk.plan_version -= 1
        assert walk.next() == {"action": "superseded"}

    def test_waking_after_the_end(self, place):
        case = failed(place)
        walk = case.walk()
        place.stripe.voided(case.invoice)
        place.deliver()
        assert walk.next() == {"action": "done"}
        walk.plan_version = 0
        assert walk.next() == {"action": "done"}

    def test_what_is_not_there_is_done(self, place):
        event = {
            "tenant_id": place.tenant.tenant_id,
            "path": {"recovery_attempt_id": "0192f0c1-0000-7000-8000-0000000000ff"},
            "body": {"plan_version": 1},
        }
        assert next_action.handler(event, LAMBDA) == {"action": "done"}


class TestSweep:
    def hour(self, place):
        commit(
            [
                writes.put(
                    keys.swept("recovery_attempt"), {"upto": int((now() - timedelta(hours=1)).timestamp())}
                )
            ]
        )
        return sweep_recovery.handler({}, LAMBDA)

    def test_a_flow_that_was_lost_is_begun_anew(self, place, machine):
        case = failed(place)
        assert self.hour(place)["begun"] == 1
        assert executions(machine) == {}  # a few minutes late a flow may be
        place.forward(minutes=16)
        assert self.hour(place) == {"done": 0, "begun": 1, "failed": 0}
        (name,) = executions(machine)
        assert name == f"{case.id.replace('-', '')}-{case.attempt.plan_number}-{now():%Y%m%d%H}"
        assert executions(machine)[name]["swept"] is True

    def test_it_is_looked_at_until_it_is_done(self, place, machine):
        case = failed(place)
        place.forward(minutes=16)
        for _ in range(3):
            assert sweep_recovery.handler({}, LAMBDA)["begun"] == 1
        case.run()
        assert sweep_recovery.handler({}, LAMBDA)["begun"] == 0

    def test_an_unlifted_hold_ends_the_attempt(self, place, machine):
        case = failed(place)
        ask(case, HoldRecoveryAttempt(reason="account_disconnected", until=now() + timedelta(minutes=30)))
        assert case.walk().run()["action"] == "wait"
        place.forward(minutes=50)
        assert self.hour(place)["begun"] == 1
        case.run()
        assert (case.attempt.status, case.attempt.end_reason) == ("abandoned", "account_disconnected")

    def test_one_that_cannot_be_begun_keeps_no_other_back(self, place, machine, monkeypatch):
        failed(place)
        failed(place)
        place.forward(minutes=16)
        begin, seen = sweep_recovery.executions.begin, []

        def once(*given, **more):
            seen.append(given)
            if len(seen) == 1:
                raise OSError
            begin(*given, **more)

        monkeypatch.setattr(sweep_recovery.executions, "begin", once)
        assert self.hour(place) == {"done": 0, "begun": 1, "failed": 1}


class TestPaused:
    def react(self, kind, tenant_id=None, aggregate_id=None):
        found = stored_events(kind)
        event = found[-1] if found else envelope(kind, tenant_id, aggregate_id)
        for react in REACTIONS[kind]:
            react(event)

    def test_a_workspace_that_is_deactivated_and_back(self, place):
        case = failed(place)
        place.tenant.deactivate(place.workspace)
        self.react("workspace.deactivated")
        assert case.attempt.held_reason == "workspace_inactive"
        assert case.walk().run()["action"] == "done"
        execute(place.tenant.scope(now()), Ref(decider=WORKSPACE, id=place.workspace), ReactivateWorkspace())
        self.react("workspace.reactivated")
        self.react("workspace.deactivated")  # late news change nothing
        assert case.attempt.held_reason is None
        case.run()
        assert case.step(1).status == "sent"

    def test_a_tenant_that_is_suspended_and_back(self, place):
        case, standing = failed(place), keys.standing(place.tenant.tenant_id)
        commit([writes.put(standing, {"status": "suspended"})])
        case.run()
        assert case.attempt.held_reason == "tenant_suspended"
        commit([writes.put(standing, {"status": "active"})])
        self.react("tenant.reactivated", place.tenant.tenant_id, place.tenant.tenant_id)
        case.run()
        assert case.step(1).status == "sent"

    def test_of_a_workspace_that_is_not_there(self, place):
        self.react("workspace.reactivated", place.tenant.tenant_id, "0192f0c1-0000-7000-8000-0000000000ff")


def envelope(kind, tenant_id, aggregate_id):
    return Envelope(
        id="e1",
        type=kind,
        tenant_id=tenant_id,
        aggregate=kind.partition(".")[0],
        aggregate_id=aggregate_id,
        version=1,
        occurred_at="2026-03-01T00:00:00.000000Z",
        actor="a",
        correlation_id="c",
        schema_version=1,
        data={},
    )


class TestToTheEnd:
    def test_nothing_helps(self, place):
        """Every retry is declined, every mail is sent once, and then the case has failed."""
        case = failed(place)
        case.play()
        attempt = case.attempt
        assert attempt.status == "failed"
        assert [each.status for each in attempt.steps] == ["sent"] * 3
        assert len(mails()) == 3
        assert attempt.retries_executed <= 8
        made = len(place.stripe.simulation.made)
        assert case.walk().run() == {"action": "done"}
        assert len(place.stripe.simulation.made) == made
