"""POST /v1/commerce/locations"""

from commerce.fields import CountryCode
from commerce.inventory.location_decider import LOCATION, AddLocation
from commerce.supplier import standing
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, created
from troupe.ids import new_id
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


class Body(fields.Body):
    """Add a location. A supplier adds its own; an administrator names the supplier."""

    supplier_id: fields.Id | None = None
    name: fields.Name
    country: CountryCode
    city: fields.Name | None = None


REFUSALS = ("supplier_required", "permission_required", "supplier_not_active")


@endpoint(
    Operation(
        permission="inventory:add_location",
        body=Body,
        status=201,
        refusals=REFUSALS,
        example={"name": "Berlin warehouse", "country": "DE", "city": "Berlin"},
    )
)
def handler(request: Request[Body]) -> Answer:
    body, location = request.body, Ref(decider=LOCATION, id=new_id(), creates=True)
    supplier_id = standing.named(request.caller, body.supplier_id)
    add = AddLocation(supplier_id=supplier_id, name=body.name, country=body.country, city=body.city)

    def decide(at: Snapshot) -> Decision:
        at_work = standing.check_active(request.tenant_id, supplier_id)
        return Decision(changes=(at.decide(location, add),), actions=(at_work,))

    return request.transact((location,), decide, created("/v1/commerce/locations/{id}"))
