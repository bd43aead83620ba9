"""Fields of requests that several packages take."""

from typing import Annotated

from pydantic import Field

from troupe.edge import fields

CountryCode = Annotated[fields.Country, Field(examples=["DE"])]
