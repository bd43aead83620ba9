"""A request for global distribution begins a flow, which is told of the decision that it waits for.

One execution for each request, however often it is heard of.
"""

import os

from community.distribution import transactions
from troupe.messaging import executions
from troupe.observability import outcome
from troupe.store.envelope import Envelope


def begin(requested: Envelope) -> None:
    """Have a flow wait for those who decide on this request, if none does yet."""
    post_id = requested.aggregate_id
    given = {
        "tenant_id": requested.tenant_id,
        "post_id": post_id,
        "requested_at": requested.data["requested_at"],
    }
    name = f"{post_id.rpartition('.')[2].replace('-', '')}-{requested.version}"
    if executions.begin(os.environ["DISTRIBUTION_FLOW_ARN"], name, given):
        outcome("flow_begun", tenant_id=requested.tenant_id, post_id=post_id)


def answer_waiting(decided: Envelope) -> None:
    """May run repeatedly and in any order."""
    transactions.answer_token(decided.tenant_id, decided.aggregate_id)


REACTIONS = {
    "post.global_requested": (begin,),
    **dict.fromkeys(transactions.DECISIONS, (answer_waiting,)),
}
