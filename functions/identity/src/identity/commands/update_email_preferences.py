"""PUT /v1/identity/me/email-preferences"""

from identity.user import USER
from identity.user_commands import UpdateEmailPreferences
from identity.user_events import EmailPreferences
from troupe import fields
from troupe.aggregates import Ref
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


class Body(fields.Body):
    """All of them: what is put replaces what was there."""

    product_news: bool
    promotions: bool
    community_digest: bool
    new_followers: bool


@endpoint(
    Operation(
        body=Body,
        example={"product_news": True, "promotions": False, "community_digest": True, "new_followers": True},
    )
)
def handler(request: Request[Body]) -> Answer:
    preferences = EmailPreferences(**fields.given(request.body))
    user = Ref(decider=USER, id=request.caller.id)
    return request.execute(user, UpdateEmailPreferences(email_preferences=preferences))
