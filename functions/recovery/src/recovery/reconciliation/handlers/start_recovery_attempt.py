"""POST /v1/recovery/workspaces/{workspace_id}/recovery-attempts"""

from typing import Annotated

from recovery.case import transactions
from recovery.reconciliation import sync
from recovery.reconciliation.read import Owner
from recovery.stripe_account import transactions as stripe_account_transactions
from recovery.stripe_account.decider import StripeAccount, id_of
from recovery.workspace.decider import WORKSPACE, Workspace
from troupe.domain import limits
from troupe.domain.decider import Invalid, Rejected
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store import reads
from troupe.store.aggregates import Ref, stored
from troupe.store.scope import Answer
from troupe.store.transact import Unknown


class Body(fields.Body):
    """The account and the invoice as Stripe calls them. All else is asked of Stripe."""

    stripe_account_id: Annotated[
        str,
        limits.Text(
            pattern=r"^acct_[A-Za-z0-9]{1,60}$",
            means="the id of an account at Stripe, as acct_1032D82eZvKYlo2C",
        ),
    ]
    stripe_invoice_id: Annotated[
        str,
        limits.Text(
            pattern=r"^in_[A-Za-z0-9]{1,60}$", means="the id of an invoice at Stripe, as in_1MtHbELkdIwHu7ix"
        ),
    ]


NO_CASE = {  # by what recovery.invoice.renewal says
    each.code: each
    for each in (
        Rejected("auto_advance_off", "Stripe was told to collect this invoice no more."),
        Rejected("before_connection", "It was over before the account was connected."),
        Rejected("cancelled", "The customer had cancelled before the charge failed."),
        Rejected("collection_paused", "Collection is paused for the subscription."),
        Rejected("first_invoice", "It is a subscription's first invoice: nothing began that could go on."),
        Rejected("no_failed_charge", "No charge of the invoice has failed."),
        Rejected("not_a_renewal", "The invoice renews no subscription."),
        Rejected("nothing_due", "There is nothing to be won back."),
        Rejected("send_invoice", "The customer pays this invoice by hand: no card is charged."),
        Rejected("too_old", "The charge failed too long ago for another one to be made."),
    )
}
REFUSALS = (
    *NO_CASE,
    "invoice_had_attempt",
    "recovery_attempt_active",
    "stripe_account_disconnected",
    "unknown_invoice",
    "workspace_inactive",
)


@endpoint(
    Operation(
        permission="recovery_attempt:start",
        body=Body,
        status=201,
        secret=True,
        refusals=REFUSALS,
        example={
            "stripe_account_id": "acct_1QXk2eLkdIwHu7ix",
            "stripe_invoice_id": "in_1QXk2eLkdIwHu7ixd4C3b2A1",
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    """For a failed renewal that no event has told of. What speaks against a case refuses it."""
    owner = _owner(request)
    named = (owner.tenant_id, owner.stripe_account_id, request.body.stripe_invoice_id)
    held, latest = transactions.guard(*named), transactions.latest(*named)
    found = reads.batch([held, latest])
    if held in found:
        raise transactions.ACTIVE
    if latest in found:
        raise Rejected("invoice_had_attempt", "An invoice is one case, and this one's has ended.")
    ignored = sync.sync(request.scope, owner, request.body.stripe_invoice_id).ignored
    if ignored == "unknown_invoice":
        raise Invalid("unknown_invoice", "The account has no such invoice.", "stripe_invoice_id")
    begun = reads.one(latest)
    if begun is None:
        raise NO_CASE.get(ignored or "", NO_CASE["no_failed_charge"])
    attempt = transactions.ref(begun["recovery_attempt_id"])
    version = stored(attempt, reads.one(attempt.key(owner.tenant_id))).version
    headers = {"location": f"/v1/recovery/recovery-attempts/{attempt.id}", "etag": f'"{version}"'}
    return Answer(status=201, body={"id": attempt.id, "version": version}, headers=headers)


def _owner(request: Request[Body]) -> Owner:
    workspace = Ref(decider=WORKSPACE, id=request.id("workspace_id"))
    account = stripe_account_transactions.ref(id_of(workspace.id, request.body.stripe_account_id))
    keys = (workspace.key(request.tenant_id), account.key(request.tenant_id))
    items = reads.batch(keys)
    of, theirs = stored(workspace, items.get(keys[0])).state, stored(account, items.get(keys[1])).state
    if not isinstance(of, Workspace):
        raise Unknown(workspace.id)
    if not of.is_active:
        raise Rejected("workspace_inactive", "Reactivate the workspace first.")
    if not isinstance(theirs, StripeAccount) or theirs.status != "connected":
        raise Rejected("stripe_account_disconnected", "Connect the account to this workspace first.")
    return Owner(
        tenant_id=request.tenant_id,
        workspace_id=workspace.id,
        account_id=account.id,
        stripe_account_id=theirs.stripe_account_id,
        livemode=theirs.livemode,
    )
