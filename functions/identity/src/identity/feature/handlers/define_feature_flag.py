"""PUT /v1/identity/feature-flags/{flag}"""

from typing import Annotated

from pydantic import Field

from identity.feature.catalogue import CATALOGUE, listed
from identity.feature.flag_decider import FEATURE_FLAG, NAME, DefineFeatureFlag, Definition
from troupe.domain import limits
from troupe.domain.decider import Invalid
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.principal import Forbidden
from troupe.edge.request import Request
from troupe.store.aggregates import Ref
from troupe.store.keys import SYSTEM
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot

Description = Annotated[str, limits.Text(strip_whitespace=True, min_length=1, max_length=200, lines=True)]
Percentage = Annotated[int, Field(ge=0, le=100)]


class Body(fields.Body):
    """The whole definition: a former one is replaced."""

    description: Description
    enabled: bool = False
    killed: bool = False
    rollout_percentage: Percentage | None = None
    value: bool | None = None


@endpoint(
    Operation(
        permission="feature_flag:define",
        body=Body,
        refusals=("operator_required", "too_many_flags", "malformed_flag_name"),
        example={"description": "The feed that is ranked.", "enabled": False, "rollout_percentage": 25},
    )
)
def handler(request: Request[Body]) -> Answer:
    """Say for the whole system when a feature is on: kill > tenant > rollout > global > default."""
    if request.tenant_id != SYSTEM:
        raise Forbidden("operator_required", "A flag is defined for the whole system.")
    name = request.path["flag"]
    if not NAME.fullmatch(name):
        raise Invalid("malformed_flag_name", "A flag is named in snake case, in 60 characters.", "flag")
    flag = Ref(decider=FEATURE_FLAG, id=name, creates=True)
    define = DefineFeatureFlag(definition=Definition(**request.body.model_dump()))

    def decide(at: Snapshot) -> Decision:
        change = at.decide(flag, define)
        actions = (listed(at, name, define.definition),) if change.events else ()
        return Decision(changes=(change,), actions=actions)

    return request.transact((Ref(decider=FEATURE_FLAG, id=name), CATALOGUE), decide)
