"""The people of the demo: 208 of a public data set where it is at hand, as many invented ones where not."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import islice, product
from pathlib import Path
from typing import Any

from local.places import REPOSITORY

COUNT = 208
FIRST = (
    "Ada",
    "Ben",
    "Cleo",
    "Dan",
    "Eva",
    "Finn",
    "Gia",
    "Hugo",
    "Ida",
    "Jon",
    "Kim",
    "Leo",
    "Mia",
    "Noa",
    "Otto",
    "Pia",
)
LAST = (
    "Archer",
    "Baker",
    "Carver",
    "Draper",
    "Ewer",
    "Fuller",
    "Glover",
    "Hooper",
    "Iver",
    "Joiner",
    "Kemp",
    "Lister",
    "Mason",
)
COUNTRIES = {"United States": "US"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    email: str
    password: str
    display_name: str
    avatar_url: str | None = None
    birth_date: date | None = None
    country: str | None = None

    def tagged(self, tag: str) -> "Person":
        """The same person under an address of this tag."""
        mailbox, _, host = self.email.partition("@")
        return replace(self, email=f"{mailbox}+{tag}@{host}")

    def body(self) -> dict[str, Any]:
        """What signing up sends; the password comes with the link in the mail."""
        born = self.birth_date and self.birth_date.isoformat()
        given = {"birth_date": born, "country": self.country}
        asked = {"email": self.email, "display_name": self.display_name}
        return asked | {name: value for name, value in given.items() if value}


def data_set(name: str = "dummyjson_users.json") -> Path:
    """Where the real people are, if they are; TROUPE_SHARED names another folder than the one beside us."""
    shared = Path(os.environ.get("TROUPE_SHARED", REPOSITORY.parent / "shared"))
    return shared / "data" / "commerce" / name


def people() -> tuple[Person, ...]:
    file = data_set()
    real = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
    return tuple(map(_real, real)) if real else tuple(islice(_invented(), COUNT))


def newcomers(count: int = COUNT) -> tuple[Person, ...]:
    """The first of them under addresses of this moment: an address has one account in the whole system."""
    tag = f"{datetime.now(UTC):%y%m%d%H%M%S%f}"
    return tuple(person.tagged(tag) for person in people()[:count])


def _real(user: dict[str, Any]) -> Person:
    return Person(
        email=user["email"],
        password=f"the password of {user['username']}",
        display_name=f"{user['firstName']} {user['lastName']}",
        avatar_url=user["image"],
        birth_date=date(*map(int, user["birthDate"].split("-"))),
        country=COUNTRIES.get(user["address"]["country"]),
    )


def _invented() -> Iterator[Person]:
    for number, (last, first) in enumerate(product(LAST, FIRST)):
        yield Person(
            email=f"{first}.{last}@example.com".lower(),
            password=f"the password of {first} {last}",
            display_name=f"{first} {last}",
            birth_date=date(1960 + number % 45, 1 + number % 12, 1 + number % 28),
            country=("DE", "FR", "US", "NG", "JP")[number % 5],
        )
