"""No route: the context's queue, with its own events and those of others that it reads, in any order."""

from recovery.card_expiry import scans
from recovery.case import stripe_account_status, tenant_status
from recovery.case.projection import RECOVERY_DUE
from recovery.metric.projection import RECOVERY_CASES
from troupe.projection.inbound import Reactions, inbound

# What else is done when something has happened; each can be repeated without harm.
_ALL: tuple[Reactions, ...] = (
    stripe_account_status.REACTIONS,
    scans.REACTIONS,
    tenant_status.REACTIONS,
)
REACTIONS: Reactions = {
    kind: tuple(react for given in _ALL for react in given.get(kind, ()))
    for kind in dict.fromkeys(kind for given in _ALL for kind in given)
}

handler = inbound(RECOVERY_CASES, RECOVERY_DUE, reactions=REACTIONS)
