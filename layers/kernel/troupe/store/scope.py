"""What a command is carried out under: who asks, for which tenant, and what the caller wants guarded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from troupe.domain.decider import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the caller gets: a status, a JSON body and headers. It is stored with an idempotency key."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    raw: bytes | None = None  # sent instead of the body, with the content type that the headers name


@dataclass(frozen=True, slots=True, kw_only=True)
class Idempotency:
    """The caller's key, the SHA-256 of the request as canonical JSON, and how the outcome is answered."""

    principal: str
    key: str
    fingerprint: str
    answer: Callable[[Any], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    context: Context
    correlation_id: str
    causation_id: str | None = None
    idempotency: Idempotency | None = None
    if_match: int | None = None  # the version the caller saw

    @property
    def tenant_id(self) -> str:
        return self.context.tenant_id
