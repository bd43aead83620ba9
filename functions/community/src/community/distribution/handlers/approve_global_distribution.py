"""POST /v1/community/posts/{post_id}/global-distribution/approve"""

from community import distributions
from troupe.http import NoBody, Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer


@endpoint(
    Operation(
        permission="global_distribution:approve",
        refusals=("private_community", "not_published", "invalid_transition"),
    )
)
def handler(request: Request[NoBody]) -> Answer:
    """The post's card joins everybody's feed, until the post says something else."""
    return distributions.decide(request)
