"""POST /v1/community/posts/{post_id}/global-distribution/approve"""

from community.distribution import transactions
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer


@endpoint(
    Operation(
        permission="global_distribution:approve",
        refusals=("private_community", "not_published", "invalid_transition"),
    )
)
def handler(request: Request[NoBody]) -> Answer:
    """Approve the request: the post's card is in the global feed until the post is edited."""
    return transactions.decide(request)
