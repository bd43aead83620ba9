"""Who may read, find and restore a post of a community."""

from community.communities.access_rules import Viewer, belongs, may_moderate
from community.post.state import Post


def owns(who: Viewer, post: Post) -> bool:
    return who.id == post.author.id


def may_read(who: Viewer, post: Post) -> bool:
    """For a caller who may see the community: only the author and moderators see unpublished posts."""
    if post.deleted:
        return False
    return post.status == "published" or owns(who, post) or may_moderate(who)


def may_find(who: Viewer, post: Post) -> bool:
    """Deleted posts too, for who can bring them back: their author who took them back, else a moderator."""
    if post.deleted is None:
        return may_read(who, post)
    return owns(who, post) if post.deleted.by_author else may_moderate(who)


def may_restore(who: Viewer, post: Post) -> bool:
    """What a moderator took away, a moderator brings back; an author is a member to speak again."""
    own = owns(who, post) and belongs(who)
    if post.deleted:
        return own if post.deleted.by_author else may_moderate(who)
    return may_moderate(who) or (own and post.hidden is None)
