"""Fields of requests that several packages take."""

from typing import Annotated

from pydantic import Field

from troupe.domain import limits

ReasonCode = Annotated[
    str,
    limits.Text(pattern=r"^[a-z][a-z0-9_]{0,63}$", means="a code of lower-case letters, digits and _"),
    Field(examples=["requested"]),
]


Cents = Annotated[int, Field(ge=0, le=99_999_999_999)]  # minor units; Stripe's amounts have at most 12 digits
