"""The bodies of requests about talents, where they differ from the commands."""

import json
from typing import Annotated, cast

from pydantic import AfterValidator, Field, JsonValue

from talent.talents.commands import MOST, TAG, TalentChanges, UpdateTalent
from talent.talents.values import ContentType, Platform, Profile, Rate, Source
from troupe.domain import limits
from troupe.edge import fields
from troupe.edge.request import Request

MOST_CUSTOM_FIELDS = 50
LARGEST_CUSTOM_FIELDS = 16 * 1024  # bytes of JSON
PROFILE = ("display_name", "bio", "avatar_url", "email", "phone", "custom_fields")


def _bounded(values: dict[str, JsonValue]) -> dict[str, JsonValue]:
    if len(values) > MOST_CUSTOM_FIELDS:
        raise ValueError(f"there are at most {MOST_CUSTOM_FIELDS} custom fields")
    if len(json.dumps(values, ensure_ascii=False, allow_nan=False).encode()) > LARGEST_CUSTOM_FIELDS:
        raise ValueError(f"custom fields have at most {LARGEST_CUSTOM_FIELDS} bytes of JSON")
    return values


Category = Annotated[str, limits.Text(strip_whitespace=True, min_length=1, max_length=50)]
Categories = Annotated[tuple[Category, ...], Field(max_length=20)]
CustomFields = Annotated[dict[str, JsonValue], AfterValidator(_bounded)]
Phone = Annotated[
    str,
    limits.Text(
        strip_whitespace=True,
        pattern=r"^\+[1-9][0-9]{6,14}$",
        means="a phone number with its country code, as +4930123456",
    ),
]


class CreationBody(fields.Body):
    org_id: fields.Id
    display_name: fields.Name
    bio: fields.Text | None = None
    avatar_url: fields.Url | None = None
    email: fields.Email | None = None
    phone: Phone | None = None
    custom_fields: CustomFields = Field(default_factory=dict)
    categories: Categories = ()
    tags: Annotated[tuple[Annotated[str, TAG], ...], Field(max_length=50)] = ()
    owner_user_id: fields.Id | None = None
    source: Source = "manual"

    def profile(self) -> Profile:
        return Profile(**{name: getattr(self, name) for name in PROFILE})


class ChangesBody(fields.Body):
    """What is not sent stays, null clears; categories and custom fields are replaced as a whole."""

    display_name: fields.Name = Field(default_factory=str)  # may be left out, not cleared
    bio: fields.Text | None = None
    avatar_url: fields.Url | None = None
    email: fields.Email | None = None
    phone: Phone | None = None
    custom_fields: CustomFields = Field(default_factory=dict)
    categories: Categories = ()


class MergeBody(fields.Body):
    loser_id: fields.Id


class RateForm(fields.Form):
    content_type: ContentType
    amount_cents: Annotated[int, Field(ge=0, le=MOST)]
    platform: Platform | None = None

    def value(self) -> Rate:
        return Rate(**fields.given(self))


class RateCardBody(fields.Body):
    items: Annotated[tuple[RateForm, ...], Field(max_length=100)]
    currency: fields.Currency
    valid_from: fields.Day


def changes(request: Request[ChangesBody]) -> UpdateTalent:
    return UpdateTalent(changes=cast("TalentChanges", fields.given(request.body)))
