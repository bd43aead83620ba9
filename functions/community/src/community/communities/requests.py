"""The parts of request bodies that several commands take."""

from typing import Annotated, Any, cast

from pydantic import Field

from community.communities.settings import Branding, Changes, Limits, Posting, Visibility
from troupe.domain import limits
from troupe.edge import fields

OLDEST = 120  # years: more than that is a slip of the pen
MOST_MEMBERS = 1_000_000_000
MOST_RULES = 50

Purpose = Annotated[str, limits.Text(strip_whitespace=True, max_length=300, lines=True)]
Rule = Annotated[str, limits.Text(strip_whitespace=True, min_length=1, max_length=500, lines=True)]
Color = Annotated[str, limits.Text(to_lower=True, pattern=r"^#[0-9A-Fa-f]{6}$", means="a colour, as #ff8800")]


class BrandingForm(fields.Body):
    logo_url: fields.Url | None = None
    banner_url: fields.Url | None = None
    color: Color | None = None


class LimitsForm(fields.Body):
    minimum_age: Annotated[int, Field(ge=1, le=OLDEST)] | None = None
    countries: Annotated[tuple[fields.Country, ...], Field(max_length=249)] = ()  # all of ISO 3166-1
    member_cap: Annotated[int, Field(ge=1, le=MOST_MEMBERS)] | None = None

    def limits(self) -> Limits:
        countries = tuple(sorted(set(self.countries)))
        return Limits(minimum_age=self.minimum_age, countries=countries, member_cap=self.member_cap)


class SettingsForm(fields.Body):
    """What is not sent stays, or is as a new community has it; branding and limits are replaced whole."""

    description: fields.Text = ""
    purpose: Purpose = ""
    branding: BrandingForm = Field(default_factory=BrandingForm)
    visibility: Visibility = "public"
    rules: Annotated[tuple[Rule, ...], Field(max_length=MOST_RULES)] = ()
    posting: Posting = "members"
    moderation_required: bool = False
    limits: LimitsForm = Field(default_factory=LimitsForm)

    def changes(self) -> Changes:
        given: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "branding" in given:
            given["branding"] = Branding(**self.branding.model_dump())
        if "limits" in given:
            given["limits"] = self.limits.limits()
        return cast("Changes", given)
