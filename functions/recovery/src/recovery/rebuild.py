"""No route: an operator rebuilds a read model by hand, in as many calls as it takes."""

from recovery.case.projection import RECOVERY_DUE
from recovery.metric.projection import RECOVERY_CASES
from troupe.projection.rebuild import rebuild

handler = rebuild(RECOVERY_CASES, RECOVERY_DUE)
