"""POST /v1/community/posts/{post_id}/global-distribution/reject"""

from community.distribution import transactions
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


class Body(fields.Body):
    reason: fields.Reason


@endpoint(
    Operation(
        permission="global_distribution:reject",
        body=Body,
        refusals=("invalid_transition",),
        example={"reason": "An advert."},
    )
)
def handler(request: Request[Body]) -> Answer:
    """Reject it. The post stays in its community. A request with no decision in time ends alike."""
    return transactions.decide(request, request.body.reason)
