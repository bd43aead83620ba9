"""The plain commands of what a tenant has set a feature flag to."""

from identity.feature import catalogue
from identity.feature.override_decider import FEATURE_OVERRIDE, ClearFeatureOverride, SetFeatureOverride
from troupe.edge import fields
from troupe.edge.request import Request
from troupe.edge.routes import Routes

routes = Routes(FEATURE_OVERRIDE, run=catalogue.override, permission="feature_flag:override")


class OverrideBody(fields.Body):
    enabled: bool
    reason: fields.Reason | None = None


def _override(request: Request[OverrideBody]) -> SetFeatureOverride:
    body = request.body
    return SetFeatureOverride(flag=request.path["flag"], enabled=body.enabled, reason=body.reason or "")


set_feature_override = routes.put(
    "/tenants/{tenant_id}/feature-flags/{flag}",
    SetFeatureOverride,
    body=OverrideBody,
    make=_override,
    example={"enabled": True, "reason": "We are a pilot."},
)
clear_feature_override = routes.delete("/tenants/{tenant_id}/feature-flags/{flag}", ClearFeatureOverride)
