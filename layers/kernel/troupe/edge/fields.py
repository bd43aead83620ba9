"""The forms of what comes in from outside, for request bodies."""

import json
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    JsonValue,
    TypeAdapter,
)

from troupe.domain import limits

LARGEST_MAP = 8 * 1024  # bytes of a free map's JSON

_URL = TypeAdapter[HttpUrl](HttpUrl)


def _url(text: str) -> str:
    _URL.validate_python(text)
    return text


def _bounded(values: dict[str, JsonValue]) -> dict[str, JsonValue]:
    if len(json.dumps(values, ensure_ascii=False, allow_nan=False).encode()) > LARGEST_MAP:
        raise ValueError(f"a map has at most {LARGEST_MAP} bytes of JSON")
    return values


SLUG = limits.SLUG
Email = limits.Email
Slug = limits.Slug
Domain = limits.Domain
Name = limits.Name
Text = limits.Paragraph
Reason = limits.Reason
Country = limits.Country
Currency = limits.Currency
Zone = limits.Zone
Url = Annotated[str, Field(max_length=2000), AfterValidator(_url)]
Map = Annotated[dict[str, JsonValue], AfterValidator(_bounded)]
Password = Annotated[str, Field(max_length=1024, repr=False)]


class Body(BaseModel):
    """A request body: unknown fields are refused, never ignored."""

    # Its validator is built when it is first needed: a function's module may hold the bodies of others too.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def given(body: BaseModel) -> dict[str, Any]:
    """The fields that the caller sent; what was not sent stays as it is."""
    return body.model_dump(include=body.model_fields_set)
