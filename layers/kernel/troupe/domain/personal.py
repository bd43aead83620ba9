"""Which fields are personal: declared on the field itself, with the person they are about and their blank.

    email: Annotated[str, Personal("user")]

Events keep such fields encrypted, states and rows in plain; when the person is erased they all read as their
blank.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Personal:
    """`of`: the subject, by the name that the aggregate's `subjects` give it.

    `blank`: a value, or a function of the value, where a part of it is not personal.
    """

    of: str
    blank: Any = ""

    def instead(self, value: Any) -> Any:
        """What the field reads as without the person's key."""
        of_value: Callable[[Any], Any] | None = self.blank if callable(self.blank) else None
        return of_value(value) if of_value else self.blank


@cache
def _declared(shape: Any) -> Mapping[str, Personal]:
    marked = ((each.name, getattr(each.type, "__metadata__", ())) for each in fields(shape))
    return {name: mark for name, marks in marked for mark in marks if isinstance(mark, Personal)}


def declared(shape: Any) -> Mapping[str, Personal]:
    """The personal fields of an event, a state or a row."""
    return _declared(shape)


def blanked[T](value: T, *of: str) -> T:
    """The same without what is personal; `of`: about these subjects alone."""
    blanks = {
        name: mark.instead(getattr(value, name))
        for name, mark in declared(type(value)).items()
        if not of or mark.of in of
    }
    return replace(value, **blanks) if blanks else value  # type: ignore[type-var]
