"""What a caller sent, as the operation's form has it: a JSON body, or a query string."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from troupe.edge import error_texts, strict_json
from troupe.edge.fields import Together
from troupe.edge.request import Malformed

type FieldErrors = Sequence[Mapping[str, str]]


class InvalidRequest(Exception):  # noqa: N818 -- an answer, not a fault
    """The body or the query string is not of the expected form.

    `errors`: each with its `field` (a path with dots), `code` and `detail`.
    """

    def __init__(self, errors: FieldErrors) -> None:
        super().__init__(f"{len(errors)} errors")
        self.errors = errors


def received[M: BaseModel](form: type[M], given: bytes | Mapping[str, str]) -> M:
    """A body or a query string as it came from the caller.

    Numbers, booleans and texts of a body are told apart: `"1"` is no number, and 1 is not true. Raises
    `Malformed` for what is no JSON, else `InvalidRequest`.
    """
    _refuse_hidden(given)
    try:
        if isinstance(given, bytes):
            return form.model_validate_json(given, strict=True)
        return form.model_validate(given)
    except ValidationError as invalid:
        raise InvalidRequest([*_errors(invalid)]) from invalid


def _refuse_hidden(given: bytes | Mapping[str, str]) -> None:
    if isinstance(given, bytes):
        try:
            places = strict_json.hidden(given, strict_json.read(given))
        except strict_json.NotJson as failed:
            raise Malformed("malformed_json", failed.detail) from failed
    else:
        places = [name for name, text in given.items() if strict_json.HIDDEN.search(text)]
    if places:
        raise InvalidRequest([_error(place, "hidden_characters") for place in places])


def _errors(invalid: ValidationError) -> Iterator[Mapping[str, str]]:
    for each in invalid.errors(include_url=False, include_input=False):
        given: Mapping[str, Any] = each.get("ctx", {})
        match given.get("error"):
            case Together(fields=names):
                for name in names:
                    yield _error(name, "value_error", given)
            case _:
                yield _error(".".join(map(str, each["loc"])), each["type"], given)


def _error(field: str, code: str, given: Mapping[str, Any] | None = None) -> Mapping[str, str]:
    return {"field": field, "code": code, "detail": error_texts.text(code, given or {})}
