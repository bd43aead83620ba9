"""The plain commands of a user."""

from typing import cast

from pydantic import Field

from identity.user import organizations as user_organizations
from identity.user import transactions
from identity.user.commands import (
    AddToOrganization,
    ProfileChanges,
    PromoteToLeader,
    ReactivateUser,
    RemoveFromOrganization,
    SuspendUser,
    UpdateEmailPreferences,
    UpdateProfile,
)
from identity.user.decider import USER
from identity.user.events import EmailPreferences
from identity.user.requests import BusinessForm
from troupe.edge import fields
from troupe.edge.request import Request
from troupe.edge.routes import Routes, me
from troupe.security.roles import SELF

oneself = Routes(USER, target=me, permission=SELF)
routes = Routes(USER, reads=transactions.credential, also=transactions.with_credential)
organizations = Routes(USER, run=user_organizations.change, permission="organization:assign")


class ProfileBody(fields.Body):
    """What is not sent stays, null clears; a business is replaced as a whole."""

    display_name: fields.Name = Field(default_factory=str)  # may be left out, not cleared
    avatar_url: fields.Url | None = None
    bio: fields.Text | None = None
    birth_date: fields.Day | None = None
    country: fields.Country | None = None
    business: BusinessForm | None = None


class EmailPreferencesBody(fields.Body):
    """All of them: what is put replaces what was there."""

    product_news: bool
    promotions: bool
    community_digest: bool
    new_followers: bool


class PromotionBody(fields.Body):
    business: BusinessForm


def _profile(request: Request[ProfileBody]) -> UpdateProfile:
    given = fields.given(request.body)
    if request.body.business:
        given["business"] = request.body.business.business()
    return UpdateProfile(changes=cast("ProfileChanges", given))


def _email_preferences(request: Request[EmailPreferencesBody]) -> UpdateEmailPreferences:
    return UpdateEmailPreferences(email_preferences=EmailPreferences(**fields.given(request.body)))


def _promotion(request: Request[PromotionBody]) -> PromoteToLeader:
    return PromoteToLeader(business=request.body.business.business())


update_profile = oneself.patch(
    "/me/profile",
    UpdateProfile,
    reads=transactions.subject_alone,
    body=ProfileBody,
    make=_profile,
    refusals=("not_a_leader", "business_required", "birth_date_in_future"),
    example={
        "display_name": "Emily Johnson",
        "bio": "Makes videos about bread.",
        "avatar_url": "https://images.example.com/emily.png",
    },
)
update_email_preferences = oneself.put(
    "/me/email-preferences",
    UpdateEmailPreferences,
    body=EmailPreferencesBody,
    make=_email_preferences,
    example={
        "product_news": True,
        "promotions": False,
        "community_digest": True,
        "new_followers": True,
    },
)
promote_to_leader = routes.post(
    "/users/{user_id}/promote",
    PromoteToLeader,
    reads=transactions.credential_and_subject,
    permission="user:promote",
    body=PromotionBody,
    make=_promotion,
    refusals=("not_an_active_consumer",),
    example={
        "business": {
            "name": "Emily's Bakery",
            "tax_id": "DE136695976",
            "website_url": "https://emily.example",
        }
    },
)
suspend_user = routes.post(
    "/users/{user_id}/suspend",
    SuspendUser,
    permission="user:suspend",
    run=transactions.suspend,
    refusals=("owner_protected", "last_owner", "invalid_transition"),
    example={"reason": "Broke the house rules."},
)
reactivate_user = routes.post(
    "/users/{user_id}/reactivate",
    ReactivateUser,
    permission="user:reactivate",
    refusals=("invalid_transition",),
)
add_to_organization = organizations.put("/users/{user_id}/organizations/{organization_id}", AddToOrganization)
remove_from_organization = organizations.delete(
    "/users/{user_id}/organizations/{organization_id}", RemoveFromOrganization
)
