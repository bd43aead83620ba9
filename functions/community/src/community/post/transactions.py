"""A post as a request meets it: by its id, in its community, from the caller's seat.

Who may not see a post is told that there is none (`Unknown`), alike with one that never was.
"""

from dataclasses import dataclass
from typing import Any

from community.communities import access_rules
from community.communities import caller as community_callers
from community.communities.caller import CommunityCaller
from community.person import person as person_person
from community.person.person import Person
from community.person.values import PersonSnapshot
from community.post import access_rules as post_access_rules
from community.post import values
from community.post.commands import Command
from community.post.decider import POST
from community.post.state import Post
from troupe.domain.decider import Rejected
from troupe.edge.principal import Forbidden
from troupe.edge.request import Request
from troupe.store import keys, writes
from troupe.store.aggregates import Ref, Stored
from troupe.store.keys import Key
from troupe.store.scope import Answer
from troupe.store.transact import Decision, ReadTarget, Snapshot, Unknown
from troupe.store.writes import Action


def post_id(request: Request[Any]) -> str:
    """The one in the path; what is no post's id names nothing."""
    value = request.path.get("post_id", "")
    if not values.is_post(value):
        raise Unknown("post_id")
    return value


def post_ref(post_id: str, *, creates: bool = False) -> Ref[Post, Any, Any]:
    return Ref(decider=POST, id=post_id, creates=creates)


def subject(tenant_id: str, post_id: str) -> Key:
    """The key of what others write about the post and its author."""
    return keys.subject(tenant_id, f"post:{post_id}")


def post_of(stored: Stored[Post | None]) -> Post:
    if stored.state is None:
        raise Unknown(stored.id)
    return stored.state


@dataclass(frozen=True, slots=True, kw_only=True)
class PostInContext:
    """A post that the caller may see, and the caller's seat in its community."""

    id: str
    version: int
    post: Post
    caller: CommunityCaller


def keys_to_read(request: Request[Any], post_id: str) -> tuple[ReadTarget, ...]:
    return post_ref(post_id), *community_callers.keys_to_read(request, values.community_of(post_id))


def read(request: Request[Any], post_id: str) -> tuple[Key, ...]:
    """The same where nothing of it is written, so that there is no version to match."""
    refs = (post_ref(post_id), *community_callers.keys_to_read(request, values.community_of(post_id)))
    return tuple(ref.key(request.tenant_id) for ref in refs)


def seen(at: Snapshot, request: Request[Any], post_id: str) -> PostInContext:
    caller = community_callers.seen(at, request, values.community_of(post_id))
    stored = at.of(post_ref(post_id))
    post = stored.state
    if not post_access_rules.may_read(caller.viewer, post):
        raise Unknown(post_id)
    return PostInContext(id=post_id, version=stored.version, post=post, caller=caller)


def found(at: Snapshot, request: Request[Any], post_id: str) -> PostInContext:
    """A post that the caller may see, or could if it were not deleted."""
    caller = community_callers.seen(at, request, values.community_of(post_id))
    stored = at.of(post_ref(post_id), deleted=True)
    post = stored.state
    if not post_access_rules.may_find(caller.viewer, post):
        raise Unknown(post_id)
    return PostInContext(id=post_id, version=stored.version, post=post, caller=caller)


def require_member(caller: CommunityCaller) -> None:
    """Refuse a caller who is not a member of a public community."""
    if not access_rules.belongs(caller.viewer):
        raise Forbidden("member_required", "This is for the community's members.")


def require_poster(at: Snapshot, caller: CommunityCaller) -> Person:
    """The caller, if they may post there: by what the community is set to, and by their own profile."""
    require_member(caller)
    if not access_rules.may_post(caller.viewer, caller.community):
        raise Forbidden("leader_required", "In this community the leader alone posts.")
    person = person_person.known(at, caller.viewer.id)
    if not person.allowances.can_post:
        raise Forbidden("may_not_post", "The profile does not allow to post.")
    return person


def snapshot_of(caller: CommunityCaller, person: Person) -> PersonSnapshot:
    return person_person.snapshot_of(caller.viewer.id, person)


def membership(caller: CommunityCaller) -> tuple[Action, ...]:
    """Hold the transaction to the caller's membership, and to nothing that others write.

    For what many do at once to one post: reactions, votes and comments would else stand in each other's way.
    One that was on its way when the post was hidden counts, and shows as little as the post does.
    """
    own = community_callers.membership_ref(caller.community_id, caller.viewer.id).key(caller.tenant_id)
    return (writes.unchanged(own, caller.version_of_membership),)


def membership_and_community(caller: CommunityCaller) -> tuple[Action, ...]:
    """Hold it to the community as well: to what it lets people post."""
    return (*caller.community_as_read(), *membership(caller))


def open_to(at: Snapshot, request: Request[Any], post_id: str) -> PostInContext:
    """A published post, for a member: what one takes part in."""
    place = seen(at, request, post_id)
    require_member(place.caller)
    if place.post.status != "published":
        raise Rejected("not_published", "The post is not published.")
    return place


def moderate(request: Request[Any], command: Command) -> Answer:
    """Carry out a command of a moderator."""
    about = post_id(request)
    post = post_ref(about)

    def decide(at: Snapshot) -> Decision:
        caller = community_callers.moderating(at, request, values.community_of(about))
        change = at.decide(post, command)
        return Decision(changes=(change,), actions=caller.as_read() if change.events else ())

    wanted = (*keys_to_read(request, about), subject(request.tenant_id, about))
    return request.transact(wanted, decide)


def answer(decision: Decision) -> Answer:
    """200, for what changes no aggregate."""
    return Answer(status=200, body=decision.body)
