import pytest

from troupe.domain.countries import CODES, UnknownCountry, checked


def test_a_code_is_given_back():
    assert [checked(code) for code in sorted(CODES)] == sorted(CODES)


@pytest.mark.parametrize("country", ["", "XX", "de", "DEU", "UK"])
def test_what_is_no_code_of_a_country(country):
    with pytest.raises(UnknownCountry, match="ISO 3166-1"):
        checked(country)
