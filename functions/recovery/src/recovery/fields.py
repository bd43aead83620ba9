"""Fields of requests that several packages take."""

from typing import Annotated

from pydantic import Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


ReasonCode = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$"), Field(examples=["requested"])
]


Cents = Annotated[int, Field(ge=0, le=99_999_999_999)]  # minor units; Stripe's amounts have at most 12 digits
