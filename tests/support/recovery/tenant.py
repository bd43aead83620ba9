"""A tenant with workspaces, sequences and Stripe accounts, for the tests of recovery; and its commands."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from recovery.sequence import transactions as sequence_transactions
from recovery.sequence.decider import Content, CreateDunningSequence, Draft, EnableDunningSequence
from recovery.stripe_account import transactions
from recovery.stripe_account.decider import ConnectStripeAccount, StripeAccount, id_of
from recovery.workspace.decider import (
    WORKSPACE,
    AdoptSequence,
    CreateWorkspace,
    DeactivateWorkspace,
    Workspace,
)
from support import handlers
from support.spec import ANN, TENANT
from troupe.edge.request import scope_of
from troupe.ids import new_id
from troupe.security.credential import CREDENTIAL, MoveCredential, OpenCredential
from troupe.store import keys, tenant_status, writes
from troupe.store.aggregates import Ref, Stored
from troupe.store.commit import commit
from troupe.store.scope import Scope
from troupe.store.transact import Decision, execute, load, transact

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ACCT = "acct_1Rescue0000001"
SUBJECT = "Your payment of {{ amount_due }} did not go through"
BODY = """Hello {{ customer_name | default: "there" }},

{{ reason }} {% if will_retry %}We will try again on {{ retry_at }}.{% endif %}

{% if access_ends_at %}Your access ends on {{ access_ends_at }}.{% endif %}

[Pay now]

{{ opt_out_link }}"""
STEP = Draft(delay_hours=0, subject_template=SUBJECT, body_template=BODY)
STRIPE_SECRET = {
    "api_key": "sk_test_world",
    "client_id": "ca_world",
    "connect_webhook_secrets": ["whsec_world"],
}


def steps(*delays: int) -> tuple[Draft, ...]:
    return tuple(Draft(delay_hours=delay, subject_template=SUBJECT, body_template=BODY) for delay in delays)


@dataclass(frozen=True)
class RecoveryTenant:
    """One tenant of the table, and what happens in it without a request."""

    tenant_id: str = TENANT

    def found(self) -> None:
        standing = {"status": "active", "plan": "pro", "zone": "UTC", "roles": {}, "name": "Acme"}
        status = tenant_status.published(self.tenant_id, "active", open_sign_up=False)
        commit([writes.put(keys.standing(self.tenant_id), standing), *status])

    def scope(self, at: datetime = NOON, actor: str = ANN) -> Scope:
        return scope_of(now=at, tenant_id=self.tenant_id, actor=actor, correlation_id="setup")

    def workspace(self, name: str = "Acme", *, timezone: str = "UTC", **settings: Any) -> str:
        ref = Ref(decider=WORKSPACE, id=new_id(), creates=True)
        create = CreateWorkspace(name=name, owner_user_id=ANN, timezone=timezone, settings=settings)
        return execute(self.scope(), ref, create).id

    def deactivate(self, workspace_id: str) -> None:
        execute(self.scope(), Ref(decider=WORKSPACE, id=workspace_id), DeactivateWorkspace())

    def sequence(self, workspace_id: str, *drafts: Draft, enabled: bool = True, **content: Any) -> str:
        """A sequence, the default of its workspace if it is the first."""
        ref, workspace = (
            sequence_transactions.ref(new_id(), creates=True),
            Ref(decider=WORKSPACE, id=workspace_id),
        )
        given = {"name": "Gentle", "delays_from": "started_at", "steps": drafts or steps(0, 72, 144)}
        create = CreateDunningSequence(workspace_id=workspace_id, content=Content(**{**given, **content}))

        def decide(at):
            change = at.decide(ref, create)
            adopted = at.decide(workspace, AdoptSequence(sequence_id=ref.id))
            return Decision(
                changes=(change, adopted), actions=sequence_transactions.published(change, self.tenant_id)
            )

        transact(self.scope(), (ref, workspace), decide)
        if enabled:
            execute(self.scope(), sequence_transactions.ref(ref.id), EnableDunningSequence())
        return ref.id

    def account(
        self, workspace_id: str, stripe_account_id: str = ACCT, *, livemode: bool = False, at: datetime = NOON
    ) -> str:
        """A connected account, with its guard."""
        ref = transactions.ref(id_of(workspace_id, stripe_account_id), creates=True)
        connect = ConnectStripeAccount(
            workspace_id=workspace_id,
            stripe_account_id=stripe_account_id,
            livemode=livemode,
            scopes=("read_write",),
        )

        def decide(found):
            change = found.decide(ref, connect)
            return Decision(changes=(change,), actions=transactions.guard_actions(change, self.tenant_id))

        return transact(self.scope(at), (ref,), decide).first.id

    def deauthorize(self, account_id: str, at: datetime) -> None:
        """As Stripe's webhook has it."""
        transactions.deauthorized(self.scope(at), account_id, at)

    def person(self, status: str = "active", kind: str = "user") -> str:
        """A user who can sign in, or once could."""
        person_id = new_id()
        opened = OpenCredential(kind=kind, email=f"{person_id}@acme.example", status="active", roles=())
        execute(self.scope(), Ref(decider=CREDENTIAL, id=person_id, creates=True), opened)
        if status != "active":
            execute(self.scope(), Ref(decider=CREDENTIAL, id=person_id), MoveCredential(status=status))
        return person_id

    def load_workspace(self, workspace_id: str) -> Stored[Workspace]:
        return load(self.tenant_id, WORKSPACE, workspace_id)

    def load_account(self, account_id: str) -> Stored[StripeAccount]:
        from recovery.stripe_account.decider import STRIPE_ACCOUNT

        return load(self.tenant_id, STRIPE_ACCOUNT, account_id)

    def load_sequence(self, sequence_id: str) -> Stored[Any]:
        from recovery.sequence.decider import DUNNING_SEQUENCE

        return load(self.tenant_id, DUNNING_SEQUENCE, sequence_id)


class Call(handlers.Call):
    context = "recovery"


ask = handlers.asking("recovery")


@contextmanager
def stripe_at(url: str) -> Iterator[None]:
    """An environment in which Stripe is at `url`, as the functions that call it have it."""
    arn = boto3.client("secretsmanager").create_secret(
        Name=f"stripe-{new_id()}", SecretString=json.dumps(STRIPE_SECRET)
    )["ARN"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STRIPE_SECRET_ARN", arn)
        patch.setenv("STRIPE_URL", url)
        yield
