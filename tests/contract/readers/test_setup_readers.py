"""The golden events of recovery's set-up: whole histories that the aggregates read, and mails that they make."""

import json
from datetime import UTC, datetime

from documents.samples.golden import golden_events, life
from recovery.sequence.decider import DUNNING_SEQUENCE, Draft
from recovery.sequence.publication import checked
from recovery.stripe_account.decider import STRIPE_ACCOUNT, id_of
from recovery.workspace.decider import WORKSPACE
from troupe.store.aggregates import parse

GOLDEN = golden_events("recovery")


def told(decider):
    """The state after the golden events of a stream, all of the types that it knows."""
    lived = life("recovery", decider.name)
    assert {event.type for event in lived} == set(decider.events)
    return decider.fold(parse(decider.events[each.type], json.dumps(each.data)) for each in lived)


def id_of_stream(decider):
    (found,) = {each.aggregate_id for each in GOLDEN if each.aggregate == decider.name}
    return found


def test_a_workspace_that_rested():
    workspace = told(WORKSPACE)
    assert (workspace.name, workspace.billing_plan, workspace.is_active) == ("Acme Press", "growth", True)
    assert workspace.default_sequence_id == id_of_stream(DUNNING_SEQUENCE)
    assert workspace.settings.decline_overrides == ("do_not_honor",)
    assert workspace.updated_at == datetime(2026, 2, 3, 12, tzinfo=UTC)


def test_an_account_that_came_back():
    account = told(STRIPE_ACCOUNT)
    assert (account.status, account.released_at) == ("connected", None)
    assert account.connected_at == datetime(2026, 2, 3, 14, tzinfo=UTC)
    assert id_of(account.workspace_id, account.stripe_account_id) == id_of_stream(STRIPE_ACCOUNT)
    assert account.workspace_id == id_of_stream(WORKSPACE)


def test_a_sequence_of_two_editions_that_could_be_published():
    sequence = told(DUNNING_SEQUENCE)
    assert (sequence.name, sequence.is_enabled, sequence.current.edition) == ("Two letters", False, 2)
    drafts = [
        Draft(
            id=step.id,
            delay_hours=step.delay_hours,
            subject_template=step.subject_template,
            body_template=step.body_template,
        )
        for step in sequence.current.steps
    ]
    assert checked(drafts) == []
