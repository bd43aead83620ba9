"""No route: the hourly schedule, when a trial's time is up."""

from identity import standing
from identity.tenant_commands import EndTrial
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(refusals=("trial_not_over",)))
def handler(request: Request[NoBody]) -> Answer:
    return standing.change(request, EndTrial())
