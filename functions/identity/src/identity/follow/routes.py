"""The plain commands of a follow."""

from typing import Any

from identity.follow.decider import FOLLOW, UnfollowUser, pair
from troupe.edge.request import Request
from troupe.edge.routes import Routes


def _own(request: Request[Any]) -> str:
    return pair(request.caller.id, request.id("user_id"))


routes = Routes(FOLLOW, target=_own, permission="user:follow")

unfollow_user = routes.delete("/users/{user_id}/follow", UnfollowUser)
