"""PUT /v1/identity/tenants/{tenant_id}/feature-flags/{flag}"""

from identity.feature_catalogue import override
from identity.feature_override import SetFeatureOverride
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    enabled: bool
    reason: fields.Reason | None = None


@endpoint(
    Operation(
        permission="feature_flag:override", body=Body, example={"enabled": True, "reason": "We are a pilot."}
    )
)
def handler(request: Request[Body]) -> Answer:
    """Turn a feature on or off for the tenant, whatever holds for others; only a kill is stronger."""
    body = request.body
    command = SetFeatureOverride(flag=request.path["flag"], enabled=body.enabled, reason=body.reason or "")
    return override(request, command)
