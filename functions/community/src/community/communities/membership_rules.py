"""Whom a community takes: by age and place, as the person's own profile tells them."""

from dataclasses import dataclass
from datetime import date

from community.community_settings import Limits
from troupe.decider import Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What a profile says of age and place; a person need not tell."""

    birth_date: date | None = None
    country: str | None = None  # ISO 3166-1 alpha-2


def age(born: date, today: date) -> int:
    """Full years; who is born on 29 February is a year older on 1 March of a common year."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def check(limits: Limits, applicant: Applicant, today: date) -> None:
    """Refuse whom the limits leave out; what is not told counts as left out."""
    if limits.minimum_age is not None:
        if applicant.birth_date is None:
            raise Rejected("age_unknown", "The profile must tell the date of birth.")
        if age(applicant.birth_date, today) < limits.minimum_age:
            raise Rejected("too_young", f"Members are {limits.minimum_age} years or older.")
    if limits.countries:
        if applicant.country is None:
            raise Rejected("country_unknown", "The profile must tell the country.")
        if applicant.country not in limits.countries:
            raise Rejected("country_not_taken", "The community does not take members from this country.")
