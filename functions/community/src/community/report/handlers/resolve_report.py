"""POST /v1/community/reports/{report_id}/resolve"""

from typing import Any

from community.communities import caller as community_callers
from community.post import engagement, values
from community.report import transactions
from community.report.decider import Resolution, ResolveReport
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.aggregates import Change
from troupe.store.scope import Answer
from troupe.store.transact import Decision, ReadTarget, Snapshot
from troupe.store.writes import Action


class Body(fields.Body):
    """`removed`: the post is hidden, or the comment deleted, together with this."""

    resolution: Resolution
    note: fields.Reason | None = None


@endpoint(
    Operation(
        permission="report:resolve",
        body=Body,
        refusals=("moderator_required", "report_resolved"),
        example={"resolution": "removed"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """By a moderator; of two, the second learns what the first has decided."""
    report_id, body = transactions.report_id(request), request.body
    community_id = values.community_of(report_id)
    report = transactions.report_ref(report_id)

    def decide(at: Snapshot) -> Decision:
        caller = community_callers.moderating(at, request, community_id)
        change = at.decide(report, ResolveReport(resolution=body.resolution, note=body.note))
        if not change.events:
            return Decision(changes=(change,))
        about = transactions.report_of(change.after)
        gone = transactions.removed(at, about) if body.resolution == "removed" else ()
        return Decision(changes=(change, *gone), actions=(*_counted(request, gone), *caller.as_read()))

    wanted: tuple[ReadTarget, ...] = (
        report,
        *community_callers.keys_to_read(request, community_id),
        transactions.subject_ref(report_id),
        *transactions.resolution_subjects(request.tenant_id, report_id),
    )
    return request.transact(wanted, decide)


def _counted(request: Request[Any], gone: tuple[Change[Any, Any, Any], ...]) -> tuple[Action, ...]:
    """A comment fewer, where one was deleted with it."""
    return tuple(
        engagement.commented(request.tenant_id, comment.post_id, comment.author.id, -1)
        for each in gone
        if each.events and values.is_comment(each.ref.id) and (comment := each.after.state)
    )
