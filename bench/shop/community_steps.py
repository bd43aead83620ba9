"""Every command of community once, in an order in which each finds what it needs."""

from bench.scenario import World
from bench.shop.scenario import CUSTOMER, LEADER, OTHER, OWNER, by, timer

MEMBER = CUSTOMER
C = {"community_id": "community"}
CLUB = {"community_id": "club"}
POST, COMMENT = {"post_id": "post"}, {"comment_id": "comment"}
WORDS = {"kind": "text", "title": "Measured", "text": "To be measured."}
POLL = {"kind": "poll", "title": "Which?", "poll": {"options": ["This", "That"]}}
REASON = {"reason": "To be measured."}


def reported(world: World) -> dict[str, str]:
    return {"subject_id": world.id("post"), "reason": "spam"}


COMMUNITIES = (
    by(LEADER, "create_community", {"name": "Measured"}, {"community": "id"}),
    by(LEADER, "update_community", {"purpose": "To be measured."}, **C),
    by(LEADER, "create_community", {"name": "Club", "visibility": "private"}, {"club": "id"}),
    by(MEMBER, "join_community", **C),
    by(MEMBER, "leave_community", **C),
    by(MEMBER, "join_community", **CLUB),
    by(LEADER, "approve_member", user_id=MEMBER, **CLUB),
    by(OTHER, "join_community", **CLUB),
    by(LEADER, "decline_member", user_id=OTHER, **CLUB),
    by(MEMBER, "join_community", **C),
    by(LEADER, "set_member_role", {"role": "moderator"}, user_id=MEMBER, **C),
    by(OTHER, "join_community", **C),
    by(LEADER, "ban_member", REASON, user_id=OTHER, **C),
    by(LEADER, "unban_member", user_id=OTHER, **C),
    by(OTHER, "join_community", **C),
)
POSTS = (
    by(MEMBER, "request_media_upload", {"content_type": "image/png", "size_bytes": 1_000}, **C),
    by(MEMBER, "create_post", POLL, {"post": "id"}, **C),
    by(OTHER, "vote_in_poll", {"option_id": "1"}, **POST),
    by(MEMBER, "create_post", WORDS, {"post": "id"}, **C),
    by(MEMBER, "edit_post", {"text": "Measured."}, **POST),
    by(OTHER, "react_to_post", {"reaction": "like"}, **POST),
    by(OTHER, "comment_on_post", {"text": "Indeed."}, {"comment": "id"}, **POST),
    by(OTHER, "delete_comment", **COMMENT),
    by(MEMBER, "request_global_distribution", **POST),
    timer("remind_administrators", **POST),
    by(OWNER, "approve_global_distribution", **POST),
    by(OTHER, "report_content", reported, {"report": "id"}),
    by(LEADER, "resolve_report", {"resolution": "dismissed"}, report_id="report"),
    by(LEADER, "hide_post", REASON, **POST),
    by(MEMBER, "delete_post", **POST),
    by(MEMBER, "restore_post", **POST),
    by(MEMBER, "create_post", WORDS, {"post": "id"}, **C),
    by(MEMBER, "request_global_distribution", **POST),
    by(OWNER, "reject_global_distribution", REASON, **POST),
    by(LEADER, "update_community", {"moderation_required": True}, **C),
    by(OTHER, "create_post", WORDS, {"post": "id"}, **C),
    by(LEADER, "publish_post", **POST),
    by(LEADER, "transfer_community", lambda world: {"user_id": world.id(OTHER)}, **C),
    by(LEADER, "delete_community", **CLUB),
    by(LEADER, "restore_community", **CLUB),
)
STEPS = (*COMMUNITIES, *POSTS)
