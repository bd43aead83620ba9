"""POST /v1/identity/sessions/refresh"""

from identity.sign_in.accounts import credential_of, credential_ref, transact_persistently
from identity.sign_in.by_email import within
from identity.sign_in.issue_tokens import Issuer, SignedIn, refusal, tenant_status_of
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.principal import Unauthenticated
from troupe.edge.request import Request
from troupe.observability import outcome
from troupe.security import sessions
from troupe.security.secrets import signing_keys
from troupe.security.sessions import RefreshToken
from troupe.store import keys
from troupe.store.scope import Answer
from troupe.store.table import confined
from troupe.store.transact import Decision, Snapshot


class Body(fields.Body):
    refresh_token: fields.Password


@endpoint(
    Operation(
        anonymous=True,
        secret=True,
        body=Body,
        reply=SignedIn,
        refusals=("session_ended",),
        example={
            "refresh_token": "MDE5MmYwYzEtN2EwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAxfDAxOTJmMGMxLTdhMDAtNz"
            "AwMC04MDAwLTAwMDAwMDAwMDBhMXwwMTkyZjBjMS03YTAwLTcwMDAtODAwMC0wMDAwMDAw"
            "MDAwZjF8YS1zZWNyZXQtdGhhdC1vcGVucy1ub3RoaW5n",
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    keyring = signing_keys()
    token = sessions.read(request.body.refresh_token)
    if token is None:
        raise _ended()
    inside = within(request, token.tenant_id, actor=token.principal_id)
    session, credential = (
        keys.session(token.tenant_id, token.session_id),
        credential_ref(token.principal_id),
    )
    wanted = (credential, session, keys.standing(token.tenant_id))
    issuer = Issuer(keyring, sessions.successor(token, keyring))
    with confined(token.tenant_id):
        decided = transact_persistently(inside.scope, wanted, lambda at: _rotated(at, token, issuer))
    if not decided.body:
        raise _ended()
    return Answer(status=200, body=decided.body)


def _rotated(at: Snapshot, token: RefreshToken, issuer: Issuer) -> Decision:
    session, who = (
        at.item(keys.session(token.tenant_id, token.session_id)),
        credential_of(at, token.principal_id),
    )
    if session is None or who is None or refusal(who.state, tenant_status_of(at)):
        return Decision(changes=())
    now = at.scope.context.now
    match sessions.judge(session, token, who.state.epoch, now):
        case "rotate":
            rotated = sessions.rotated(session, token, issuer.keyring, now)
            return Decision(changes=(), actions=(rotated,), body=issuer.issue(who, at, now))
        case "repeat":
            first = sessions.used_at(session, token, now) or now
            return Decision(changes=(), body=issuer.issue(who, at, first))
        case "reused":
            outcome("refresh_token_reused", tenant_id=token.tenant_id, principal_id=token.principal_id)
            return Decision(changes=(), actions=(sessions.ended(token, now),))
        case "ended":
            return Decision(changes=())


def _ended() -> Unauthenticated:
    return Unauthenticated("session_ended", "The session has ended; sign in again.")
