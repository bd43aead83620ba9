"""The forms of what comes in from outside, for request bodies."""

import json
from abc import ABC, abstractmethod
from typing import Annotated, Any, cast

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
Id = limits.Id
Email = limits.Email
Slug = limits.Slug
Domain = limits.Domain
Name = limits.Name
Text = limits.Paragraph
Reason = limits.Reason
Country = limits.Country
Currency = limits.Currency
Zone = limits.Zone
Day = limits.Day
Instant = Annotated[limits.Instant, Field(examples=["2026-02-14T00:00:00Z"])]
Url = Annotated[str, limits.Text(max_length=2000), AfterValidator(_url)]
Map = Annotated[dict[str, JsonValue], AfterValidator(_bounded)]
Password = Annotated[str, Field(max_length=1024, repr=False)]


class Together(ValueError):  # noqa: N818 -- a refusal, not a fault
    """Fields that do not go together, said by a form's own validator; the detail names each of them."""

    def __init__(self, detail: str, *fields: str) -> None:
        super().__init__(detail)
        self.fields = fields


class Body(BaseModel):
    """A request body: unknown fields are refused, never ignored."""

    # Its validator is built when it is first needed: a function's module may hold the bodies of others too.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Form(Body, ABC):
    """A part of a body that stands for a value of the domain; a command made of the body takes the value."""

    @abstractmethod
    def value(self) -> Any: ...


def plain(sent: Any) -> Any:
    """What a field of a body holds, as a command takes it: a form as its value, also within a tuple."""
    if isinstance(sent, Form):
        return sent.value()
    return tuple(map(plain, cast("Any", sent))) if type(sent) is tuple else sent


def given(body: BaseModel) -> dict[str, Any]:
    """The fields that the caller sent; what was not sent stays as it is."""
    return body.model_dump(include=body.model_fields_set)
