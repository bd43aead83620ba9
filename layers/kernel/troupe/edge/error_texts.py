"""What is wrong with a field, in our words: one sentence for each kind of error that the validation finds."""

from collections.abc import Mapping
from typing import Any

from troupe.domain.limits import MEANINGS

INSTANT = "Give an instant with its offset, as 2026-11-30T12:00:00Z."
DAY = "Give a date, as 2026-11-30."
TIME = "Give a time of day, as 21:00."
WHOLE = "Give a whole number, without quotes or a fraction."
NUMBER = "Give a number, without quotes."
BOOLEAN = "Give true or false, without quotes."
LIST = "Give a list."
OBJECT = "Give an object."
ADDRESS = "Give a web address, as https://example.com."
IDENTIFIER = "Give an identifier, as the API gave it (a UUID)."

TEXTS: Mapping[str, str] = {
    "missing": "This field is required.",
    "extra_forbidden": "There is no such field here.",
    "hidden_characters": "Remove control characters and invisible characters.",
    "string_type": "Give a text, in quotes.",
    "string_too_short": "Give at least {min_length} characters.",
    "string_too_long": "Give at most {max_length} characters.",
    "too_short": "Give at least {min_length} of them.",
    "too_long": "Give at most {max_length} of them.",
    "greater_than_equal": "Give {ge} or more.",
    "greater_than": "Give more than {gt}.",
    "less_than_equal": "Give {le} or less.",
    "less_than": "Give less than {lt}.",
    "multiple_of": "Give a multiple of {multiple_of}.",
    "literal_error": "Give one of {expected}.",
    "enum": "Give one of {expected}.",
    "union_tag_invalid": "Give one of {expected_tags} as {discriminator}.",
    "union_tag_not_found": "Give {discriminator}.",
    "none_required": "Leave this out, or give null.",
    "finite_number": NUMBER,
}
BEGINNINGS: tuple[tuple[str, str], ...] = (  # of kinds that differ in what was given, not in what to do
    ("int_", WHOLE),
    ("float_", NUMBER),
    ("decimal_", NUMBER),
    ("bool_", BOOLEAN),
    ("datetime_", INSTANT),
    ("timezone_", INSTANT),
    ("date_", DAY),
    ("time_", TIME),
    ("uuid_", IDENTIFIER),
    ("url_", ADDRESS),
    ("list_", LIST),
    ("tuple_", LIST),
    ("set_", LIST),
    ("frozen_set_", LIST),
    ("dict_", OBJECT),
    ("mapping_", OBJECT),
    ("model_", OBJECT),
    ("dataclass_", OBJECT),
    ("string_", TEXTS["string_type"]),
)
UNKNOWN = "This does not have the form that is asked for."


def text(kind: str, given: Mapping[str, Any]) -> str:
    """The sentence for an error of pydantic's, by its type and its context."""
    if kind == "string_pattern_mismatch":
        meaning = MEANINGS.get(given["pattern"])
        return f"Give {meaning}." if meaning else UNKNOWN
    if kind in {"value_error", "assertion_error"}:
        return _sentence(str(given["error"]))
    if kind in TEXTS:
        return TEXTS[kind].format(**given)
    return next((said for begins, said in BEGINNINGS if kind.startswith(begins)), UNKNOWN)


def _sentence(words: str) -> str:
    """Our own validators say what is asked for as words without capital and full stop."""
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."
