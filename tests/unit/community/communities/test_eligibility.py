"""Whom a community takes: the day on which a person is old enough, and the places they come from."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.communities.membership_rules import age, check
from community.communities.settings import Limits
from community.person.values import Applicant
from troupe.domain.decider import Rejected

TODAY = date(2026, 1, 31)
ADULTS, NEARBY = Limits(minimum_age=18), Limits(countries=("AT", "DE"))


@pytest.mark.parametrize(
    "born, today, years",
    [
        (date(2008, 1, 31), TODAY, 18),
        (date(2008, 2, 1), TODAY, 17),
        (date(2026, 1, 31), TODAY, 0),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
    ],
)
def test_an_age_is_in_full_years(born, today, years):
    assert age(born, today) == years


@given(st.dates(min_value=date(1900, 1, 1), max_value=TODAY), st.integers(0, 60_000))
def test_age_never_decreases(born, days):
    today = born + timedelta(days=days)
    assert 0 <= age(born, today) <= age(born, today + timedelta(days=1)) <= age(born, today) + 1


@pytest.mark.parametrize(
    "limits, applicant, code",
    [
        (ADULTS, Applicant(), "age_unknown"),
        (ADULTS, Applicant(birth_date=date(2008, 2, 1)), "too_young"),
        (NEARBY, Applicant(), "country_unknown"),
        (NEARBY, Applicant(country="FR"), "country_not_taken"),
    ],
)
def test_who_is_left_out(limits, applicant, code):
    with pytest.raises(Rejected) as refused:
        check(limits, applicant, TODAY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "limits, applicant",
    [
        (Limits(), Applicant()),
        (Limits(member_cap=1), Applicant()),
        (ADULTS, Applicant(birth_date=date(2008, 1, 31))),
        (NEARBY, Applicant(country="AT")),
    ],
)
def test_who_is_taken(limits, applicant):
    check(limits, applicant, TODAY)
