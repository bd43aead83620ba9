"""Fields of requests that several packages take."""

from typing import Annotated

from pydantic import Field, StringConstraints

from troupe.edge import fields

CountryCode = Annotated[fields.Country, Field(examples=["DE"])]


Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
