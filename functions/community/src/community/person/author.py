"""People by the names and pictures of today, for what is shown of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from community.person.person import STREAM, VIEW, Person, place
from troupe.projection import generations
from troupe.store import aggregates, reads
from troupe.store.keys import Key


class AuthorView(BaseModel, frozen=True):
    """Without a name where the person is gone."""

    id: str
    display_name: str | None = None
    avatar_url: str | None = None


def named(tenant_id: str, user_ids: Iterable[str]) -> Mapping[str, AuthorView]:
    """All of them, in one batch."""
    rows = {user_id: _row(tenant_id, user_id) for user_id in user_ids}
    found = reads.batch(list(rows.values())) if rows else {}
    return {user_id: _shown(user_id, found.get(key)) for user_id, key in rows.items()}


def _row(tenant_id: str, user_id: str) -> Key:
    at = place(user_id)
    return Key(generations.partition(tenant_id, VIEW, *at.parts), at.sort)


def _shown(user_id: str, row: Mapping[str, Any] | None) -> AuthorView:
    if row is None or STREAM not in row:
        return AuthorView(id=user_id)
    person: Person = aggregates.parse(Person, row[STREAM])
    return AuthorView(id=user_id, display_name=person.display_name, avatar_url=person.avatar_url)
