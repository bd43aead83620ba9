"""Asking identity's queries about people, once the projections have caught up."""

from identity import inbound, queries
from identity.sign_in.decider import SIGN_IN
from support.dynamodb import stored_events
from support.identity.tenant import Call
from support.spec import LAMBDA, request, send
from support.stream_events import batch
from troupe.clock import now
from troupe.edge.request import scope_of
from troupe.store.aggregates import Ref
from troupe.store.transact import execute

rename = Call("update_profile", "PATCH /me/profile")
follow = Call("follow_user", "PUT /users/{user_id}/follow")
unfollow = Call("unfollow_user", "DELETE /users/{user_id}/follow")
delete = Call("delete_user", "DELETE /users/{user_id}")


def get(route: str, path: dict | None = None, query: dict | None = None, **given):
    return send(queries.handler, request(path=path or {}, query=query or {}, route=f"GET {route}", **given))


def deliver() -> None:
    inbound.handler(batch(*stored_events()), LAMBDA)


def tick(tenant, who: str, command: object) -> None:
    scope = scope_of(now=now(), tenant_id=tenant.tenant_id, actor=who, correlation_id="c")
    execute(scope, Ref(decider=SIGN_IN, id=who, creates=True), command)
