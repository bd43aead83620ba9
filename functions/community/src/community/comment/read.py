"""A comment as a request meets it: by its id, in its community."""

from typing import Any

from community.comment.decider import COMMENT, Comment
from community.post import values
from troupe.edge.request import Request
from troupe.store.aggregates import Ref
from troupe.store.transact import Unknown


def comment_id(request: Request[Any]) -> str:
    """The one in the path; what is no comment's id names nothing."""
    value = request.path.get("comment_id", "")
    if not values.is_comment(value):
        raise Unknown("comment_id")
    return value


def comment_ref(comment_id: str, *, creates: bool = False) -> Ref[Comment, Any, Any]:
    return Ref(decider=COMMENT, id=comment_id, creates=creates)
