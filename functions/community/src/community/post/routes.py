"""The plain commands of a post, by a moderator of its community."""

from community.post import transactions
from community.post.commands import HidePost, PublishPost
from community.post.decider import POST
from troupe.edge.routes import Routes

routes = Routes(POST, run=transactions.moderate)

publish_post = routes.post(
    "/posts/{post_id}/publish",
    PublishPost,
    permission="post:publish",
    refusals=("moderator_required", "invalid_transition"),
)
hide_post = routes.post(
    "/posts/{post_id}/hide",
    HidePost,
    permission="post:hide",
    refusals=("moderator_required",),
    example={"reason": "spam"},
)
