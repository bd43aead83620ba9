"""Who may see, post, moderate and lead: every kind of viewer, in every kind of community."""

from dataclasses import replace

import pytest

from community.communities import access_rules
from community.communities.access_rules import ADMINISTER, Viewer
from community.communities.decider import Community
from community.communities.membership_decider import Membership
from community.communities.settings import Settings
from community.person.values import PersonSnapshot
from community.post import access_rules as post_access_rules
from community.post.content_rules import Content
from community.post.state import Deleted, Hidden, Post
from support.spec import NOON

PUBLIC = Community(owner_id="lea", settings=Settings(name="Circle"), created_at=NOON.now)
PRIVATE = replace(PUBLIC, settings=replace(PUBLIC.settings, visibility="private"))
GONE = replace(PUBLIC, status="deleted", deleted_at=NOON.now)
VIEWERS = {
    "stranger": Viewer(id="e"),
    "pending": Viewer(id="e", status="pending"),
    "member": Viewer(id="e", status="active"),
    "moderator": Viewer(id="e", status="active", role="moderator"),
    "leader": Viewer(id="lea", status="active", role="moderator", leads=True),
    "left": Viewer(id="e", status="left"),
    "banned": Viewer(id="e", status="banned"),
    "overseer": Viewer(id="a", administers=True),
}
SHOWN = Post(
    community_id="c",
    author=PersonSnapshot(id="e", display_name="Emily"),
    content=Content(kind="text", text="Baked."),
    created_at=NOON.now,
    cleared=True,
)
POSTS = {
    "pending": replace(SHOWN, cleared=False),
    "published": SHOWN,
    "hidden": replace(SHOWN, hidden=Hidden(reason="spam", at=NOON.now)),
    "taken back": replace(SHOWN, deleted=Deleted(by_author=True, at=NOON.now)),
    "taken away": replace(SHOWN, deleted=Deleted(by_author=False, at=NOON.now)),
}
AUTHORS = {"stranger", "pending", "member", "moderator", "left", "banned"}  # all of whom are e
MEMBERS, MODERATORS = {"member", "moderator", "leader"}, {"moderator", "leader", "overseer"}


def who(allowed):
    return {name for name, viewer in VIEWERS.items() if allowed(viewer)}


def test_all_users_see_a_public_community():
    assert who(lambda viewer: access_rules.may_see(viewer, PUBLIC)) == VIEWERS.keys()


def test_s_40_members_alone_see_a_private_one():
    """S-40: not who asks, who left, who was sent away."""
    assert who(lambda viewer: access_rules.may_see(viewer, PRIVATE)) == {*MEMBERS, "overseer"}


def test_posts_and_comments_of_a_deleted_community_are_not_found():
    for allowed in (access_rules.may_see, access_rules.may_post, access_rules.may_comment):
        assert who(lambda viewer, allowed=allowed: allowed(viewer, GONE)) == set()


def test_who_moderates_and_who_leads():
    assert who(access_rules.may_moderate) == MODERATORS
    assert who(access_rules.may_lead) == {"leader", "overseer"}
    assert who(access_rules.belongs) == MEMBERS


def test_moderators_ban_members_and_leaders_ban_moderators():
    assert who(lambda viewer: access_rules.may_ban(viewer, "member")) == MODERATORS
    assert who(lambda viewer: access_rules.may_ban(viewer, "moderator")) == {"leader", "overseer"}


@pytest.mark.parametrize("posting, expected", [("members", MEMBERS), ("leader", {"leader"})])
def test_who_posts(posting, expected):
    for each in (PUBLIC, PRIVATE):
        community = replace(each, settings=replace(each.settings, posting=posting))
        assert who(lambda viewer, community=community: access_rules.may_post(viewer, community)) == expected


def test_members_comment():
    assert who(lambda viewer: access_rules.may_comment(viewer, PUBLIC)) == MEMBERS


def test_whose_posts_are_looked_at_first():
    strict = replace(PUBLIC, settings=replace(PUBLIC.settings, moderation_required=True))
    assert who(lambda viewer: access_rules.awaits_moderation(viewer, strict)) == VIEWERS.keys() - MODERATORS
    assert who(lambda viewer: access_rules.awaits_moderation(viewer, PUBLIC)) == set()


def test_s_40_to_who_is_banned_a_private_community_is_not_there():
    assert who(lambda viewer: access_rules.may_ask(viewer, PRIVATE)) == VIEWERS.keys() - {"banned"}
    assert who(lambda viewer: access_rules.may_ask(viewer, PUBLIC)) == VIEWERS.keys()


@pytest.mark.parametrize("status", ["pending", "active", "left", "banned"])
@pytest.mark.parametrize("role", ["member", "moderator"])
def test_a_viewer_is_what_was_read_of_them(status, role):
    own = Membership(
        community_id="c",
        member=PersonSnapshot(id="e", display_name="E"),
        status=status,
        since=NOON.now,
        role=role,
    )
    assert access_rules.viewer("e", frozenset(), PUBLIC, own) == Viewer(id="e", status=status, role=role)
    assert access_rules.viewer("lea", frozenset({ADMINISTER}), PUBLIC, own) == Viewer(
        id="lea", status=status, role=role, leads=True, administers=True
    )


def test_a_stranger_is_nothing_to_a_community():
    assert access_rules.viewer("e", frozenset(), PUBLIC, None) == Viewer(id="e")


@pytest.mark.parametrize(
    "status, reads, finds, restores",
    [
        ("pending", AUTHORS | MODERATORS, AUTHORS | MODERATORS, MODERATORS | {"member"}),
        ("published", VIEWERS.keys(), VIEWERS.keys(), MODERATORS | {"member"}),
        ("hidden", AUTHORS | MODERATORS, AUTHORS | MODERATORS, MODERATORS),
        ("taken back", set(), AUTHORS, {"member", "moderator"}),
        ("taken away", set(), MODERATORS, MODERATORS),
    ],
)
def test_who_reads_finds_and_restores_a_post(status, reads, finds, restores):
    post = POSTS[status]
    assert who(lambda viewer: post_access_rules.may_read(viewer, post)) == reads
    assert who(lambda viewer: post_access_rules.may_find(viewer, post)) == finds
    assert who(lambda viewer: post_access_rules.may_restore(viewer, post)) == restores
    assert who(lambda viewer: post_access_rules.owns(viewer, post)) == AUTHORS
