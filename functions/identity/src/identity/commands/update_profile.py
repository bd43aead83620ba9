"""PATCH /v1/identity/me/profile"""

from datetime import date
from typing import cast

from pydantic import Field

from identity.forms import BusinessForm
from identity.user import USER
from identity.user_commands import ProfileChanges, UpdateProfile
from troupe import fields
from troupe.aggregates import Ref
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    """What is not sent stays, null clears; a business is replaced as a whole."""

    display_name: fields.Name = Field(default_factory=str)  # may be left out, not cleared
    avatar_url: fields.Url | None = None
    bio: fields.Text | None = None
    birth_date: date | None = None
    country: fields.Country | None = None
    business: BusinessForm | None = None

    def changes(self) -> ProfileChanges:
        given = fields.given(self)
        if self.business:
            given["business"] = self.business.business()
        return cast("ProfileChanges", given)


@endpoint(
    Operation(
        body=Body,
        refusals=("not_a_leader", "business_required", "birth_date_in_future"),
        example={
            "display_name": "Emily Johnson",
            "bio": "Makes videos about bread.",
            "avatar_url": "https://images.example.com/emily.png",
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    user = Ref(decider=USER, id=request.caller.id)
    return request.execute(user, UpdateProfile(changes=request.body.changes()))
