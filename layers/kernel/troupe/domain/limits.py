"""Limits of what a command carries, without pydantic; a request body made of the command obeys them."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from re import fullmatch
from typing import Annotated, Any

from annotated_types import Ge, Le, MaxLen, MinLen

from troupe.domain import countries, money, time_zones

LONGEST_LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1

_ATOM = r"[A-Za-z0-9_!$%&'*+/=?^`{|}~-]+"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
_OFFSET = r"(Z|[+-][0-9]{2}:[0-9]{2})"
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SLUG = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"

# For the numbers and collections of a command; pydantic knows them.
__all__ = ["Checked", "Ge", "Le", "MaxLen", "MinLen", "Text"]


ONE_LINE = r"^[^\r\n\t]*$"
MEANINGS = {ONE_LINE: "one line, without line breaks and tabs"}
"""What a pattern asks for, in words that follow "Give": each `Text` with a pattern adds its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """How a string is trimmed and what it may be: one line, unless `lines` lets it have several.

    `means`: what the pattern asks for, in words that follow "Give".
    """

    strip_whitespace: bool | None = None
    to_lower: bool | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    means: str | None = None
    lines: bool = False

    def __post_init__(self) -> None:
        if self.pattern and self.means:
            MEANINGS[self.pattern] = self.means

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """The string's schema with these limits: pydantic asks its metadata for it by this name."""
        limits = asdict(self)
        del limits["means"]
        if not limits.pop("lines"):
            limits["pattern"] = self.pattern or ONE_LINE
        return {**handler(source), **{name: value for name, value in limits.items() if value is not None}}


@dataclass(frozen=True, slots=True)
class Checked:
    """A value that a function takes, and may replace or refuse with a ValueError."""

    check: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """The value's schema with the function after it."""
        function = {"type": "no-info", "function": self.check}
        return {"type": "function-after", "function": function, "schema": handler(source)}


@dataclass(frozen=True, slots=True)
class Written:
    """A day or an instant that comes as text of this form: pydantic would take `1767225600` for either."""

    form: str  # a regular expression
    such_as: str
    read: Callable[[str], date]

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """The value's schema with the reading before it."""
        function = {"type": "no-info", "function": self.check}
        return {"type": "function-before", "function": function, "schema": handler(source)}

    def check(self, value: Any) -> Any:
        """What is a date already stays as it is."""
        if isinstance(value, date):
            return value
        if isinstance(value, str) and fullmatch(self.form, value):
            return self.read(value)
        raise ValueError(f"it is written as {self.such_as}")


def _utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as beyond:
        raise ValueError("in UTC it is before the year 1 or after 9999") from beyond


def _deliverable(address: str) -> str:
    if address.index("@") > LONGEST_LOCAL_PART:
        raise ValueError(f"at most {LONGEST_LOCAL_PART} characters stand before the @")
    return address


Email = Annotated[
    str,
    Text(
        strip_whitespace=True,
        to_lower=True,
        max_length=254,
        # What SES takes: RFC 5321 without quotes. A domain of other letters comes as punycode.
        pattern=rf"^{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
        means="an e-mail address, as ann@example.com",
    ),
    Checked(_deliverable),
]
Slug = Annotated[
    str, Text(pattern=rf"^{SLUG}$", means="1 to 63 lower-case letters, digits and hyphens, as north-studio")
]
Domain = Annotated[
    str,
    Text(
        strip_whitespace=True,
        to_lower=True,
        max_length=253,
        pattern=r"^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$",
        means="a domain, as shop.example.com",
    ),
]
Name = Annotated[str, Text(strip_whitespace=True, min_length=1, max_length=120)]
Paragraph = Annotated[str, Text(strip_whitespace=True, max_length=2000, lines=True)]
Reason = Annotated[str, Text(strip_whitespace=True, min_length=1, max_length=500, lines=True)]
Country = Annotated[
    str,
    Text(pattern=r"^[A-Z]{2}$", means="a country code of ISO 3166-1, as DE"),
    Checked(countries.checked),
]
Id = Annotated[str, Text(pattern=rf"^{UUID}$", means="an id as the API gave it (a UUID)")]
Currency = Annotated[str, Checked(money.checked)]  # ISO 4217
Day = Annotated[date, Written(_DAY, "2026-01-31", date.fromisoformat)]
Instant = Annotated[  # RFC 3339, 5.6; in UTC from here on
    datetime,
    Written(rf"{_DAY}T{_TIME}{_OFFSET}", "2026-01-31T12:00:00Z", datetime.fromisoformat),
    Checked(_utc),
]
Zone = Annotated[str, MaxLen(64), Checked(time_zones.checked)]
