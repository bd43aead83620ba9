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
    """The post's card joins everybody's feed, until the post says something else."""
    return transactions.decide(request)
