"""POST /v1/community/reports"""

from typing import Annotated

from pydantic import Field, StringConstraints

from community import addresses, comments, posts, reports, seats
from community.post_forms import COMMENT_ID, POST_ID
from community.posts import Place
from community.report import Reason, ReportContent, Subject
from troupe import fields
from troupe.decider import Invalid
from troupe.http import Operation, endpoint
from troupe.request import Request, created
from troupe.scope import Answer
from troupe.store import Decision, Snapshot, Unknown

SubjectId = Annotated[str, StringConstraints(pattern=rf"^({POST_ID}|{COMMENT_ID})$")]
Detail = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]


class Body(fields.Body):
    """`subject_id`: of a post or of a comment."""

    subject_id: SubjectId = Field(examples=[reports.EXAMPLE])
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
    """By whoever sees it, once; a second time is no other report."""
    subject_id, reporter_id = request.body.subject_id, request.caller.id
    community_id = addresses.community_of(subject_id)
    report = reports.report_ref(addresses.report(subject_id, reporter_id), creates=True)
    of_comment = (comments.comment_ref(subject_id),) if addresses.is_comment(subject_id) else ()

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

    post = posts.post_ref(addresses.post_of(subject_id))
    wanted = (report, post, *of_comment, *seats.wanted(request, community_id))
    return request.transact(wanted, decide, created("/v1/community/reports/{id}"))


def _seen(at: Snapshot, request: Request[Body]) -> tuple[Place, Subject]:
    """What is reported, if whoever reports it sees it."""
    subject_id = request.body.subject_id
    try:
        place = posts.seen(at, request, addresses.post_of(subject_id))
        return place, reports.subject(at, place, subject_id)
    except Unknown:
        raise Invalid("unknown_subject", "There is no such post or comment.", "subject_id") from None
