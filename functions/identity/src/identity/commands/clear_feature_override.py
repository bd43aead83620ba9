"""DELETE /v1/identity/tenants/{tenant_id}/feature-flags/{flag}"""

from identity.feature_catalogue import override
from identity.feature_override import ClearFeatureOverride
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(Operation(permission="feature_flag:override"))
def handler(request: Request[NoBody]) -> Answer:
    """Let the feature be for the tenant as it is for everybody."""
    return override(request, ClearFeatureOverride(flag=request.path["flag"]))
