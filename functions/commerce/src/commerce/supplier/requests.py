"""The forms of what a business tells of itself, for request bodies."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from troupe.domain import limits
from troupe.edge import fields

# What stands before a check digit of an IBAN, and what follows it (ISO 13616).
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}")
_REMAINDER = 1


def _iban(text: str) -> str:
    """An IBAN without spaces whose check digits fit: ISO 7064, MOD 97-10."""
    bare = text.replace(" ", "").upper()
    if not _IBAN.fullmatch(bare):
        raise ValueError("not an IBAN")
    digits = "".join(str(int(each, 36)) for each in bare[4:] + bare[:4])
    if int(digits) % 97 != _REMAINDER:
        raise ValueError("the check digits of the IBAN do not fit")
    return bare


Number = Annotated[
    str,
    limits.Text(
        strip_whitespace=True,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./-]{2,38}[A-Za-z0-9]$",
        means="the number as it is written, 4 to 40 letters and digits",
    ),
]
Iban = Annotated[str, Field(max_length=42), AfterValidator(_iban)]
AccountNumber = Annotated[
    str, limits.Text(pattern=r"^[A-Za-z0-9]{4,34}$", means="an account number of 4 to 34 letters and digits")
]
RoutingNumber = Annotated[
    str,
    limits.Text(
        pattern=r"^[A-Za-z0-9-]{3,15}$", means="a routing number of 3 to 15 letters, digits and hyphens"
    ),
]
Line = Annotated[str, limits.Text(strip_whitespace=True, min_length=1, max_length=200)]
Phone = Annotated[
    str,
    limits.Text(
        strip_whitespace=True,
        pattern=r"^\+?[0-9][0-9 ().-]{3,28}[0-9]$",
        means="a phone number, as +49 30 901820",
    ),
]


class PostalAddress(fields.Body):
    line1: Line
    city: Line
    postal_code: Annotated[str, limits.Text(strip_whitespace=True, max_length=20)]
    country: fields.Country
    line2: Line | None = None
    region: Line | None = None


class BankDetails(fields.Body):
    """Either an IBAN, or an account number and a routing number."""

    account_holder: fields.Name
    country: fields.Country
    currency: fields.Currency
    iban: Iban | None = Field(default=None, repr=False)
    account_number: AccountNumber | None = Field(default=None, repr=False)
    routing_number: RoutingNumber | None = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _one_account(self) -> Self:
        numbered = self.account_number is not None and self.routing_number is not None
        numbers = self.account_number is not None or self.routing_number is not None
        if (self.iban is not None) == numbers or (numbers and not numbered):
            raise fields.Together(
                "give either an IBAN, or an account number and a routing number",
                "iban",
                "account_number",
                "routing_number",
            )
        return self

    @property
    def number(self) -> str:
        """What the account is known again by."""
        return self.iban or self.account_number or ""
