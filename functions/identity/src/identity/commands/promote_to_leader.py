"""POST /v1/identity/users/{user_id}/promote"""

from identity import people
from identity.forms import BusinessForm
from identity.user_commands import PromoteToLeader
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    business: BusinessForm


@endpoint(
    Operation(
        permission="user:promote",
        body=Body,
        refusals=("not_an_active_consumer",),
        example={
            "business": {
                "name": "Emily's Bakery",
                "tax_id": "DE136695976",
                "website_url": "https://emily.example",
            }
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    user, credential = people.refs(request.id("user_id"))
    promote = PromoteToLeader(business=request.body.business.business())
    return request.transact((user, credential), lambda at: people.in_step(at, at.decide(user, promote)))
