"""API keys as they are shown."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from troupe.edge.endpoint import Version

type Status = Literal["active", "expired", "revoked"]


class Issued(Version, frozen=True):
    """`secret` is the key to send as a bearer token. It is shown in this answer alone."""

    secret: str
    prefix: str


class ApiKeyView(BaseModel, frozen=True):
    """A key without its secret. `last_used_on` is a day in UTC. `orphaned`: its maker has left."""

    id: str
    name: str
    prefix: str
    permissions: tuple[str, ...]
    status: Status
    created_at: datetime
    created_by: str
    orphaned: bool
    expires_at: datetime | None
    rotated_at: datetime | None
    former_until: datetime | None
    revoked_at: datetime | None
    last_used_on: date | None
