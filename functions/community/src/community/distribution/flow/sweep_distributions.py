"""No route: every five minutes. Reminds of requests for global distribution, and turns them down in the end.

All that the flow does is done here if the flow forgets it. Files that no post names are removed here, too.
"""

import os
from collections.abc import Mapping
from typing import Any

from community.distribution.decide import Remind, TurnDown, next_step
from community.distribution.handlers import reject_global_distribution, remind_administrators
from community.post import media
from community.post.decider import DUE, POST
from community.post.state import Post
from troupe.clock import now
from troupe.observability import metrics
from troupe.quota import uploads
from troupe.store.due import Due, sweep
from troupe.store.table import confined
from troupe.store.transact import load

UNDECIDED = "Nobody has decided on it in time."


def handler(_event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """What fails is tried again by the next sweeps; one request never holds up another."""

    def act(due: Due) -> None:
        _act(due, context)

    def remove(due: Due) -> None:
        uploads.remove(due.tenant_id, due.id, os.environ["MEDIA_BUCKET"], at)

    at = now()
    swept = (sweep(DUE, act, at), sweep(media.DUE, remove, at))
    metrics.flush_metrics()
    return {"done": sum(each.done for each in swept), "failed": sum(each.failed for each in swept)}


def _act(due: Due, context: Any) -> None:
    """One step; what was changed meanwhile is not due any more."""
    with confined(due.tenant_id):
        post = load(due.tenant_id, POST, due.id).state
    if not isinstance(post, Post) or post.distribution.requested_at is None:
        return
    event: dict[str, Any] = {"tenant_id": due.tenant_id, "path": {"post_id": due.id}, "actor": "schedule"}
    match next_step(post, post.distribution.requested_at, now()):
        case Remind():
            remind_administrators.handler(event, context)
        case TurnDown():
            reject_global_distribution.handler({**event, "body": {"reason": UNDECIDED}}, context)
        case _:
            return
