"""POST /v1/recovery/workspaces/{workspace_id}/stripe-accounts"""

from typing import Annotated

from pydantic import Field

from recovery.stripe_account import authorization, oauth, transactions
from recovery.stripe_account.decider import ConnectStripeAccount, id_of
from recovery.stripe_account.oauth import Connection
from troupe.domain import limits
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, created
from troupe.store.commit import commit
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot
from troupe.stripe.client import RetryLater

REFUSALS = (
    "authorization_refused",
    "authorization_used",
    "state_refused",
    "stripe_account_taken",
    "workspace_inactive",
)


class Body(fields.Body):
    """What Stripe's redirect carried."""

    code: Annotated[str, Field(min_length=1, max_length=255, repr=False)]
    state: Annotated[str, limits.Text(min_length=1, max_length=4096)]


@endpoint(
    Operation(
        permission="stripe_account:connect",
        body=Body,
        status=201,
        secret=True,
        refusals=REFUSALS,
        example={"code": "ac_RQv5N1Zb4mE7aC", "state": "e30.e30.c2lnbmF0dXJl"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """A code is good for one connection; the same request again is told of it."""
    workspace_id, code = request.id("workspace_id"), request.body.code
    authorization.check(request.body.state, request.scope.context, workspace_id)
    before = authorization.claim(request.scope.context, workspace_id, code)
    if before is not None:
        return authorization.answered(before, workspace_id)
    try:
        connection = oauth.exchange(code)
    except RetryLater:  # nothing was done: the code is still good
        commit([authorization.given_back(request.tenant_id, code)])
        raise
    return _connected(request, workspace_id, connection)


def _connected(request: Request[Body], workspace_id: str, connection: Connection) -> Answer:
    tenant_id, account_id = request.tenant_id, id_of(workspace_id, connection.stripe_account_id)
    account = transactions.ref(account_id, creates=True)  # or connects again: then it is read
    connect = ConnectStripeAccount(workspace_id=workspace_id, **connection._asdict())

    def decide(at: Snapshot) -> Decision:
        change = at.decide(account, connect)
        used = authorization.used(tenant_id, request.body.code, change.after)
        return Decision(changes=(change,), actions=(*transactions.guard_actions(change, tenant_id), used))

    location = f"/v1/recovery/workspaces/{workspace_id}/stripe-accounts"
    return request.transact((account,), decide, created(location))
