"""No route: an operator rebuilds a read model by hand, in as many calls as it takes."""

from recovery.projections.recovery_cases import RECOVERY_CASES
from recovery.projections.recovery_due import RECOVERY_DUE
from troupe.rebuild import rebuild

handler = rebuild(RECOVERY_CASES, RECOVERY_DUE)
