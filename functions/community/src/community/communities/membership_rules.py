"""Whom a community takes: by age and place, as the person's own profile tells them."""

from datetime import date

from community.communities.settings import Limits
from community.person.values import Applicant
from troupe.domain.decider import Rejected


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
