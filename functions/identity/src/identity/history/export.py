"""All that identity stores about a person, for the person: states, follows and what happened."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from identity.history.queries import PastEvent
from identity.query_routes import ROUTES
from identity.sign_in.accounts import credential_ref, sign_in_of
from identity.user.decider import USER
from troupe.edge.endpoint import NoBody
from troupe.edge.queries import found
from troupe.edge.request import Request
from troupe.store import aggregates, keys, personal, reads
from troupe.store.aggregates import Ref
from troupe.store.envelope import Envelope
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot

STREAMS = ("user", "credential", "sign_in", "staff")  # by the person's id
MOST = 1000  # events of a stream, the latest


class UserExport(BaseModel, frozen=True):
    """What communities and the shop have of the person is not in it."""

    id: str
    exported_at: datetime
    account: dict[str, Any]
    credential: dict[str, Any] | None
    sign_in: dict[str, Any] | None
    follows: tuple[dict[str, Any], ...]
    history: tuple[PastEvent, ...]


@ROUTES.get("/users/{user_id}/export", permission="user:export", reply=UserExport)
def export(request: Request[NoBody]) -> Answer:
    """Export what is stored about a person: account, sign-ins, follows, and the last 1,000 events of each."""
    user_id, tenant_id = request.id("user_id"), request.tenant_id
    refs: tuple[Ref[Any, Any, Any], ...] = (
        Ref(decider=USER, id=user_id),
        credential_ref(user_id),
        sign_in_of(user_id),
    )
    items = reads.batch([each.key(tenant_id) for each in refs])
    at = Snapshot(scope=request.scope, items=items)
    at.of(refs[0], deleted=True)
    account, credential, sign_in = (_plain(at, each) for each in refs)
    return found(
        UserExport(
            id=user_id,
            exported_at=request.now,
            account=account or {},
            credential=credential,
            sign_in=sign_in,
            follows=tuple(_follows(tenant_id, user_id)),
            history=tuple(_history(tenant_id, user_id)),
        )
    )


def _plain(at: Snapshot, ref: Ref[Any, Any, Any]) -> dict[str, Any] | None:
    """The state as JSON has it."""
    state = at.find(ref).state
    found: dict[str, Any] | None = state and json.loads(aggregates.dump(ref.decider.state, state))
    return found


def _follows(tenant_id: str, user_id: str) -> Iterator[dict[str, Any]]:
    yield from reads.listed("GSI1", keys.listing(tenant_id, f"FOLLOWERS#{user_id}"), "0", "9")
    yield from reads.listed("GSI2", keys.listing(tenant_id, f"FOLLOWING#{user_id}"), "0", "9")


def _history(tenant_id: str, user_id: str) -> Iterator[PastEvent]:
    for stream in STREAMS:
        rows = reads.between(
            keys.aggregate(tenant_id, stream, user_id), keys.event(1), keys.event(10**12 - 1)
        )
        for event in personal.opened([Envelope.of_row(row) for row in rows[-MOST:]]):
            yield PastEvent(**event.detail())
