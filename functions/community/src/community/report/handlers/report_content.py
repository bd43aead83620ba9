"""POST /v1/community/reports"""

from typing import Annotated

from pydantic import Field

from community.comment import read
from community.communities import caller
from community.post import transactions, values
from community.post.requests import COMMENT_ID, POST_ID
from community.post.transactions import PostInContext
from community.report import transactions as report_transactions
from community.report.decider import Reason, ReportContent, Subject
from troupe.domain import limits
from troupe.domain.decider import Invalid
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, created
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, Unknown

SubjectId = Annotated[
    str, limits.Text(pattern=rf"^({POST_ID}|{COMMENT_ID})$", means="the id of a post or of a comment")
]
Detail = Annotated[str, limits.Text(strip_whitespace=True, max_length=1000, lines=True)]


class Body(fields.Body):
    """`subject_id`: of a post or of a comment."""

    subject_id: SubjectId = Field(examples=[report_transactions.EXAMPLE])
    reason: Reason
    detail: Detail = ""


@endpoint(
    Operation(
        permission="report:create",
        body=Body,
        status=201,
        refusals=("unknown_subject", "reported_before"),
        example={
            "subject_id": "0192f0c1-7a00-7000-8000-0000000000c1.0192f0c1-7a00-7000-8000-0000000000d1",
            "reason": "spam",
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    """Report a post or comment that the caller can see. Reporting it again changes nothing."""
    subject_id, reporter_id = request.body.subject_id, request.caller.id
    community_id = values.community_of(subject_id)
    report = report_transactions.report_ref(values.report(subject_id, reporter_id), creates=True)
    of_comment = (read.comment_ref(subject_id),) if values.is_comment(subject_id) else ()

    def decide(at: Snapshot) -> Decision:
        place, subject = _seen(at, request)
        command = ReportContent(
            community_id=community_id,
            reporter_id=reporter_id,
            subject=subject,
            reason=request.body.reason,
            detail=request.body.detail,
            edited_at=None if of_comment else place.post.edited_at,
        )
        return Decision(changes=(at.decide(report, command),))

    post = transactions.post_ref(values.post_of(subject_id))
    subjects = report_transactions.subjects(request.tenant_id, report.id, reporter_id)
    wanted = (report, post, *of_comment, *caller.keys_to_read(request, community_id), *subjects)
    return request.transact(wanted, decide, created("/v1/community/reports/{id}"))


def _seen(at: Snapshot, request: Request[Body]) -> tuple[PostInContext, Subject]:
    """The reported content, if the caller can see it."""
    subject_id = request.body.subject_id
    try:
        place = transactions.seen(at, request, values.post_of(subject_id))
        return place, report_transactions.subject(at, place, subject_id)
    except Unknown:
        raise Invalid("unknown_subject", "There is no such post or comment.", "subject_id") from None
