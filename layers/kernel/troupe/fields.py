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
    StringConstraints,
    TypeAdapter,
)

from troupe import money, zones

LONGEST_LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1
LARGEST_MAP = 8 * 1024  # bytes of a free map's JSON

_ATOM = r"[A-Za-z0-9_!$%&'*+/=?^`{|}~-]+"
_URL = TypeAdapter[HttpUrl](HttpUrl)


def _url(text: str) -> str:
    _URL.validate_python(text)
    return text


def _bounded(values: dict[str, JsonValue]) -> dict[str, JsonValue]:
    if len(json.dumps(values, ensure_ascii=False, allow_nan=False).encode()) > LARGEST_MAP:
        raise ValueError(f"a map has at most {LARGEST_MAP} bytes of JSON")
    return values


def _deliverable(address: str) -> str:
    if address.index("@") > LONGEST_LOCAL_PART:
        raise ValueError(f"at most {LONGEST_LOCAL_PART} characters stand before the @")
    return address


Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        to_lower=True,
        max_length=254,
        # What SES takes: RFC 5321 without quotes. A domain of other letters comes as punycode.
        pattern=rf"^{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
    ),
    AfterValidator(_deliverable),
]
SLUG = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
Slug = Annotated[str, StringConstraints(pattern=rf"^{SLUG}$")]
Domain = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        to_lower=True,
        max_length=253,
        pattern=r"^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$",
    ),
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]  # ISO 3166-1 alpha-2
Currency = Annotated[str, AfterValidator(money.checked)]  # ISO 4217
Url = Annotated[str, Field(max_length=2000), AfterValidator(_url)]
Zone = Annotated[str, Field(max_length=64), AfterValidator(zones.checked)]
Map = Annotated[dict[str, JsonValue], AfterValidator(_bounded)]
Password = Annotated[str, Field(max_length=1024, repr=False)]


class Body(BaseModel):
    """A request body: unknown fields are refused, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def given(body: BaseModel) -> dict[str, Any]:
    """The fields that the caller sent; what was not sent stays as it is."""
    return body.model_dump(include=body.model_fields_set)
