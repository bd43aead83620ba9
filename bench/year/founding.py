"""A tenant with a workspace, a sequence and a connected account, made by the product's own deciders."""

from datetime import datetime

from recovery.sequence import transactions as sequence_transactions
from recovery.sequence.decider import Content, CreateDunningSequence, Draft, EnableDunningSequence
from recovery.stripe_account import transactions
from recovery.stripe_account.decider import ConnectStripeAccount, id_of
from recovery.workspace.decider import WORKSPACE, AdoptSequence, CreateWorkspace
from troupe.edge.request import scope_of
from troupe.ids import new_id
from troupe.store import keys, tenant_status, writes
from troupe.store.aggregates import Ref
from troupe.store.commit import commit
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, execute, transact

TENANT = "01890000-0000-7000-8000-000000000001"
OWNER = "01890000-0000-7000-8000-000000000002"
HOURS = (0, 72, 168, 336)  # of the sequence's mails, from the first failure
SUBJECT = "Your payment of {{ amount_due }} did not go through"
BODY = """Hello {{ customer_name | default: "there" }},

{{ reason }} {% if will_retry %}We will try again on {{ retry_at }}.{% endif %}

[Pay now]

{{ opt_out_link }}"""


def founded(stripe_account_id: str, now: datetime) -> str:
    """The workspace's id."""
    scope = scope_of(now=now, tenant_id=TENANT, actor=OWNER, correlation_id="founding")
    active = {"status": "active", "plan": "pro", "zone": "UTC", "roles": {}, "name": "Year"}
    status = tenant_status.published(TENANT, "active", open_sign_up=False)
    commit([writes.put(keys.standing(TENANT), active), *status])
    workspace = Ref(decider=WORKSPACE, id=new_id(), creates=True)
    create = CreateWorkspace(name="Year", owner_user_id=OWNER, timezone="UTC", settings={})
    execute(scope, workspace, create)
    _write_sequence(scope, workspace.id)
    _connect(scope, workspace.id, stripe_account_id)
    return workspace.id


def _write_sequence(scope: Scope, workspace_id: str) -> None:
    ref, workspace = (
        sequence_transactions.ref(new_id(), creates=True),
        Ref(decider=WORKSPACE, id=workspace_id),
    )
    steps = tuple(Draft(delay_hours=hours, subject_template=SUBJECT, body_template=BODY) for hours in HOURS)
    content = Content(name="Year", delays_from="started_at", steps=steps)

    def decide(at: Snapshot) -> Decision:
        change = at.decide(ref, CreateDunningSequence(workspace_id=workspace_id, content=content))
        adopted = at.decide(workspace, AdoptSequence(sequence_id=ref.id))
        return Decision(
            changes=(change, adopted), actions=sequence_transactions.published(change, scope.tenant_id)
        )

    transact(scope, (ref, workspace), decide)
    execute(scope, sequence_transactions.ref(ref.id), EnableDunningSequence())


def _connect(scope: Scope, workspace_id: str, stripe_account_id: str) -> None:
    ref = transactions.ref(id_of(workspace_id, stripe_account_id), creates=True)
    connect = ConnectStripeAccount(
        workspace_id=workspace_id,
        stripe_account_id=stripe_account_id,
        livemode=True,
        scopes=("read_write",),
    )

    def decide(at: Snapshot) -> Decision:
        change = at.decide(ref, connect)
        return Decision(changes=(change,), actions=transactions.guard_actions(change, scope.tenant_id))

    transact(scope, (ref,), decide)
