"""The request for global distribution: made by a post's author, decided on by the tenant's administrators.

It is held to the community as it was read, which must be public. A flow
waits for the decision: its task token lies beside the post, put there while the request is open, or else
answered at once. So it is answered whichever of the two came first.
"""

from datetime import datetime, timedelta
from typing import Any

from community.communities import caller
from community.distribution.decide import open_request
from community.post import transactions, values
from community.post.commands import ApproveGlobalDistribution, RejectGlobalDistribution, RemindAdministrators
from community.post.decider import POST
from troupe.edge.request import Request
from troupe.messaging import executions
from troupe.store import keys, reads, writes
from troupe.store.commit import Stale, commit, pause
from troupe.store.keys import Key
from troupe.store.scope import Answer
from troupe.store.transact import ATTEMPTS, Contended, Decision, Snapshot, load

DECISION_DAYS = 7  # of a tenant that has settled nothing
DECISIONS = ("post.global_approved", "post.global_rejected", "post.global_withdrawn", "post.deleted")


def decide(request: Request[Any], reason: str | None = None) -> Answer:
    """Approve it, or, with a reason, turn it down: by an administrator, or by the flow when time is up."""
    post_id = transactions.post_id(request)
    post, community = transactions.post_ref(post_id), caller.community_ref(values.community_of(post_id))

    def decided(at: Snapshot) -> Decision:
        stored = at.of(community)
        private = stored.state.private
        if request.principal:
            caller.seen(at, request, community.id)
        rejected = reason and RejectGlobalDistribution(reason=reason)
        change = at.decide(post, rejected or ApproveGlobalDistribution(private=private))
        as_read = (at.unchanged(community),)
        return Decision(changes=(change,), actions=as_read if change.events else ())

    wanted = transactions.keys_to_read(request, post_id) if request.principal else (post, community)
    of_reason = (transactions.subject(request.tenant_id, post_id),) if reason else ()
    return request.transact((*wanted, *of_reason), decided)


def remind(request: Request[Any]) -> Answer:
    return request.execute(transactions.post_ref(transactions.post_id(request)), RemindAdministrators())


def decide_within(at: Snapshot, tenant_id: str) -> timedelta:
    """How long those who approve have, as the tenant has settled it."""
    settings = (at.item(keys.standing(tenant_id)) or {}).get("settings", {})
    return timedelta(days=settings.get("promotion_decision_days", DECISION_DAYS))


def wait(tenant_id: str, post_id: str, requested_at: datetime, token: str) -> bool:
    """Leave the token beside the post, or answer it: whether there is a decision to wait for."""
    for attempt in range(ATTEMPTS):
        stored = load(tenant_id, POST, post_id)
        if open_request(stored.state, requested_at) is None:
            executions.answer(token)
            return False
        key = transactions.post_ref(post_id).key(tenant_id)
        try:
            commit(
                [
                    writes.unchanged(key, stored.version),
                    writes.put(_place(tenant_id, post_id), {"task_token": token}),
                ]
            )
        except Stale:
            pause(attempt)
        else:
            return True
    raise Contended


def answer_token(tenant_id: str, post_id: str) -> None:
    """Answer the flow that waits: it asks again what holds, so that one answer too many does no harm."""
    left = reads.one(_place(tenant_id, post_id))
    if left:
        executions.answer(left["task_token"])


def _place(tenant_id: str, post_id: str) -> Key:
    return keys.part(tenant_id, POST.name, post_id, "GLOBAL_REQUEST")
