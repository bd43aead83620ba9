"""POST /v1/identity/tenants/{slug}/users"""

from pydantic import BaseModel

from identity.sign_up.sign_up import Registration, register
from identity.user.events import Profile
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


class Body(fields.Body):
    email: fields.Email
    display_name: fields.Name
    birth_date: fields.Day | None = None
    country: fields.Country | None = None


class Registered(BaseModel, frozen=True):
    """The same for a new address and for one that is taken: only the mail tells."""

    id: str
    status: str


@endpoint(
    Operation(
        anonymous=True,
        secret=True,
        body=Body,
        reply=Registered,
        status=201,
        refusals=("sign_up_closed", "birth_date_in_future"),
        example={
            "email": "emily@example.com",
            "display_name": "Emily Johnson",
            "country": "DE",
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    body = request.body
    profile = Profile(display_name=body.display_name, birth_date=body.birth_date, country=body.country)
    user_id = register(request, Registration(email=body.email, profile=profile))
    return Answer(
        status=201,
        body={"id": user_id, "status": "pending"},
        headers={"location": f"/v1/identity/users/{user_id}"},
    )
