"""Limits of what a command carries, without pydantic; a request body made of the command obeys them."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from annotated_types import Ge, Le, MaxLen, MinLen

from troupe.domain import money, time_zones

LONGEST_LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1

_ATOM = r"[A-Za-z0-9_!$%&'*+/=?^`{|}~-]+"
SLUG = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"

# For the numbers and collections of a command; pydantic knows them.
__all__ = ["Checked", "Ge", "Le", "MaxLen", "MinLen", "Text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """How a string is trimmed and what it may be."""

    strip_whitespace: bool | None = None
    to_lower: bool | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """The string's schema with these limits: pydantic asks its metadata for it by this name."""
        limits = {name: value for name, value in asdict(self).items() if value is not None}
        return {**handler(source), **limits}


@dataclass(frozen=True, slots=True)
class Checked:
    """A value that a function takes, and may replace or refuse with a ValueError."""

    check: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: Callable[[Any], Any]) -> Any:
        """The value's schema with the function after it."""
        function = {"type": "no-info", "function": self.check}
        return {"type": "function-after", "function": function, "schema": handler(source)}


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
    ),
    Checked(_deliverable),
]
Slug = Annotated[str, Text(pattern=rf"^{SLUG}$")]
Domain = Annotated[
    str,
    Text(
        strip_whitespace=True,
        to_lower=True,
        max_length=253,
        pattern=r"^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$",
    ),
]
Name = Annotated[str, Text(strip_whitespace=True, min_length=1, max_length=120)]
Paragraph = Annotated[str, Text(strip_whitespace=True, max_length=2000)]
Reason = Annotated[str, Text(strip_whitespace=True, min_length=1, max_length=500)]
Country = Annotated[str, Text(pattern=r"^[A-Z]{2}$")]  # ISO 3166-1 alpha-2
Currency = Annotated[str, Checked(money.checked)]  # ISO 4217
Zone = Annotated[str, MaxLen(64), Checked(time_zones.checked)]
