"""POST /v1/identity/sessions/log-out"""

from pydantic import BaseModel

from identity.sign_in.by_email import within
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.security import sessions
from troupe.security.sessions import RefreshToken
from troupe.store import keys
from troupe.store.scope import Answer
from troupe.store.table import confined
from troupe.store.transact import Decision, Snapshot, transact


class Body(fields.Body):
    refresh_token: fields.Password


class SignedOut(BaseModel, frozen=True):
    """The same for any token: there is no session of it any more."""

    status: str


@endpoint(
    Operation(
        anonymous=True,
        secret=True,
        body=Body,
        reply=SignedOut,
        example={
            "refresh_token": "MDE5MmYwYzEtN2EwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAxfDAxOTJmMGMxLTdhMDAtNz"
            "AwMC04MDAwLTAwMDAwMDAwMDBhMXwwMTkyZjBjMS03YTAwLTcwMDAtODAwMC0wMDAwMDAw"
            "MDAwZjF8YS1zZWNyZXQtdGhhdC1vcGVucy1ub3RoaW5n",
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    token = sessions.read(request.body.refresh_token)
    if token is not None:
        inside = within(request, token.tenant_id, actor=token.principal_id)
        session = keys.session(token.tenant_id, token.session_id)
        with confined(token.tenant_id):
            transact(inside.scope, (session,), lambda at: _ended(at, token))
    return Answer(status=200, body={"status": "signed_out"})


def _ended(at: Snapshot, token: RefreshToken) -> Decision:
    """End the session of a refresh token that is current or was replaced a moment ago."""
    session = at.item(keys.session(token.tenant_id, token.session_id))
    now = at.scope.context.now
    if session is None or "ended_at" in session or not sessions.knows(session, token, now):
        return Decision(changes=())
    return Decision(changes=(), actions=(sessions.ended(token, now),))
