"""No route: every hour. Looks through the subscriptions of connected accounts for cards that expire too soon.

An account is due once a day, and an hour's run goes through those that are, page by page. What it does not
get through it leaves with a bookmark to the next run, so that none is too long for a function.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from recovery.card_expiry import scans
from recovery.card_expiry.warn import REASON, CardExpiryCheck, Seen
from recovery.invoice.json import Raw, text
from recovery.preconditions.decide import WRITING
from recovery.risk import transactions
from recovery.risk.decider import AtRisk
from recovery.stripe.gateway import Gateway, disconnected
from recovery.stripe_account.decider import STRIPE_ACCOUNT, StripeAccount
from recovery.workspace.decider import WORKSPACE, Workspace
from troupe.clock import now
from troupe.edge.request import scope_of
from troupe.observability import metrics, outcome
from troupe.store import keys, reads
from troupe.store.aggregates import stored
from troupe.store.due import Due, Later, sweep
from troupe.store.transact import load
from troupe.stripe.client import Misused

ENOUGH_MS = 120_000  # that much time has to be left for another page
PAGE = 50


def handler(_event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """An account that fails is tried again by the next runs, and keeps no other back."""
    seen: list[Seen] = []

    def scan(due: Due) -> None:
        Scan(due, context, seen).run()

    swept = sweep(scans.KIND, scan, now())
    metrics.flush_metrics()
    return {
        "accounts": swept.done + swept.later,
        "failed": swept.failed,
        "flagged": sum(each.flagged for each in seen),
        "resolved": sum(each.resolved for each in seen),
        "mailed": sum(each.mailed for each in seen),
    }


class Scan:
    """Of one account, as far as the time allows."""

    def __init__(self, due: Due, context: Any, seen: list[Seen]) -> None:
        self._due, self._context, self._all = due, context, seen
        self._seen: list[Seen] = []

    def run(self) -> None:
        tenant_id, account_id = self._due.tenant_id, self._due.id
        account = load(tenant_id, STRIPE_ACCOUNT, account_id).state
        if not isinstance(account, StripeAccount) or account.status != "connected":
            scans.disarm(tenant_id, account_id)
            return
        warden = self._warden(account)
        if warden is None:
            scans.note(tenant_id, account_id, now() + scans.AGAIN, None)
            return
        try:
            self._pages(warden, Gateway(account.stripe_account_id))
        except Misused as refused:
            if not disconnected(refused):
                raise
            scans.note(tenant_id, account_id, now() + scans.AGAIN, None)
            outcome("expiry_scan_refused", tenant_id=tenant_id, code=refused.code)
        finally:
            self._all += self._seen

    def _warden(self, account: StripeAccount) -> CardExpiryCheck | None:
        """None while nothing is to be done in the tenant's name."""
        tenant_id = self._due.tenant_id
        workspace = load(tenant_id, WORKSPACE, account.workspace_id).state
        standing = reads.one(keys.standing(tenant_id)) or dict[str, Any]()
        if not isinstance(workspace, Workspace) or not workspace.is_active:
            return None
        if standing.get("status") not in WRITING:
            return None
        scope = scope_of(
            now=now(), tenant_id=tenant_id, actor="schedule", correlation_id=f"expiry-{self._due.id}"
        )
        return CardExpiryCheck(
            scope=scope,
            workspace_id=account.workspace_id,
            workspace=workspace,
            account_id=account.stripe_account_id,
        )

    def _pages(self, warden: CardExpiryCheck, gateway: Gateway) -> None:
        tenant_id, account_id = self._due.tenant_id, self._due.id
        after = scans.bookmark(tenant_id, account_id)
        while True:
            page, after = gateway.subscriptions(after, PAGE)
            flagged = _flagged(warden, page)
            self._seen += [warden.look(raw, flagged.get(text(raw, "id") or "")) for raw in page]
            if after is None:
                break
            scans.note(tenant_id, account_id, self._due.at, after)
            if self._context.get_remaining_time_in_millis() < ENOUGH_MS:
                raise Later
        scans.note(tenant_id, account_id, self._next(), None)

    def _next(self) -> Any:
        """In a day; sooner where a mail waits for the morning, or for its turn."""
        waits = [each.until for each in self._seen if each.until]
        return min([now() + scans.AGAIN, *(each + timedelta(minutes=1) for each in waits)])


def _flagged(warden: CardExpiryCheck, page: list[Raw]) -> dict[str, AtRisk]:
    """Those of a page that are flagged already, or were."""
    named = [each for raw in page if (each := text(raw, "id"))]
    refs = {each: transactions.ref(warden.workspace_id, each, REASON) for each in named}
    tenant_id = warden.scope.tenant_id
    items = reads.batch([ref.key(tenant_id) for ref in refs.values()]) if refs else {}
    found = {each: stored(ref, items.get(ref.key(tenant_id))).state for each, ref in refs.items()}
    return {each: state for each, state in found.items() if isinstance(state, AtRisk)}
