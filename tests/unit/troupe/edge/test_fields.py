from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from troupe.domain.limits import Day
from troupe.edge import fields

EMAIL = TypeAdapter(fields.Email)


@pytest.mark.parametrize(
    "written, read",
    [
        (" Ann@Example.COM ", "ann@example.com"),
        ("o'hara+news@mail.example.co.uk", "o'hara+news@mail.example.co.uk"),
        ("ann@example.com\n", "ann@example.com"),
        ("x@xn--bcher-kva.example", "x@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_read_in_lower_case(written, read):
    assert EMAIL.validate_python(written) == read


@pytest.mark.parametrize(
    "written",
    [
        "ann",
        "ann@localhost",
        "ann@@example.com",
        "ann@example..com",
        "a b@example.com",
        "a#b@example.com",
        '"a"@example.com',
        "a,b@example.com",
        "<a@example.com>",
        "é@example.com",
        "a..b@example.com",
        ".a@example.com",
        "a.@example.com",
        "a@bücher.example",
        "a@example.com\nbcc: b@example.com",
        f"{'a' * 65}@example.com",
        f"a@{'b' * 250}.com",
    ],
)
def test_what_no_mail_could_be_sent_to_is_no_address(written):
    with pytest.raises(ValidationError):
        EMAIL.validate_python(written)


def test_a_day_that_is_one_already_stays():
    day = date(2026, 1, 31)
    assert TypeAdapter(Day).validate_python(day) is day
