"""No route: the context's queue, with its own events and those of others that it reads, in any order."""

from recovery import expiry_scans
from recovery.projections.recovery_cases import RECOVERY_CASES
from recovery.projections.recovery_due import RECOVERY_DUE
from recovery.reactions import account_connection, standing_change
from troupe.inbound import Reactions, inbound

# What else is done when something has happened; each can be repeated without harm.
_ALL: tuple[Reactions, ...] = (
    account_connection.REACTIONS,
    expiry_scans.REACTIONS,
    standing_change.REACTIONS,
)
REACTIONS: Reactions = {
    kind: tuple(react for given in _ALL for react in given.get(kind, ()))
    for kind in dict.fromkeys(kind for given in _ALL for kind in given)
}

handler = inbound(RECOVERY_CASES, RECOVERY_DUE, reactions=REACTIONS)
