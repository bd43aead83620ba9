"""The plain commands of a post, by a moderator of its community."""

from community import posts
from community.post import POST
from community.post_commands import HidePost, PublishPost
from troupe.routes import Routes

routes = Routes(POST, run=posts.moderate)

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
