"""A post as a request meets it: by its id, in its community, from the caller's seat.

Who may not see a post is told that there is none (`Unknown`), alike with one that never was.
"""

from dataclasses import dataclass
from typing import Any

from community.communities import access_rules
from community.communities import seat as communities_seat
from community.communities.seat import Seat
from community.person import person as person_person
from community.person.person import Person
from community.person.values import Party
from community.post import access_rules as post_access_rules
from community.post import values
from community.post.commands import Command
from community.post.decider import POST
from community.post.state import Post
from troupe.domain.decider import Rejected
from troupe.edge.principal import Forbidden
from troupe.edge.request import Request
from troupe.store import writes
from troupe.store.aggregates import Ref, Stored
from troupe.store.keys import Key
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, Unknown, Wanted
from troupe.store.writes import Action


def post_id(request: Request[Any]) -> str:
    """The one in the path; what is no post's id names nothing."""
    value = request.path.get("post_id", "")
    if not values.is_post(value):
        raise Unknown("post_id")
    return value


def post_ref(post_id: str, *, creates: bool = False) -> Ref[Post, Any, Any]:
    return Ref(decider=POST, id=post_id, creates=creates)


def post_of(stored: Stored[Post | None]) -> Post:
    if stored.state is None:
        raise Unknown(stored.id)
    return stored.state


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A post that the caller may see, and the caller's seat in its community."""

    id: str
    version: int
    post: Post
    seat: Seat


def wanted(request: Request[Any], post_id: str) -> tuple[Wanted, ...]:
    return post_ref(post_id), *communities_seat.wanted(request, values.community_of(post_id))


def read(request: Request[Any], post_id: str) -> tuple[Key, ...]:
    """The same where nothing of it is written, so that there is no version to match."""
    refs = (post_ref(post_id), *communities_seat.wanted(request, values.community_of(post_id)))
    return tuple(ref.key(request.tenant_id) for ref in refs)


def seen(at: Snapshot, request: Request[Any], post_id: str) -> Place:
    seat = communities_seat.seen(at, request, values.community_of(post_id))
    stored = at.of(post_ref(post_id))
    post = stored.state
    if not post_access_rules.may_read(seat.viewer, post):
        raise Unknown(post_id)
    return Place(id=post_id, version=stored.version, post=post, seat=seat)


def found(at: Snapshot, request: Request[Any], post_id: str) -> Place:
    """A post that the caller may see, or could if it were not deleted."""
    seat = communities_seat.seen(at, request, values.community_of(post_id))
    stored = at.of(post_ref(post_id), deleted=True)
    post = stored.state
    if not post_access_rules.may_find(seat.viewer, post):
        raise Unknown(post_id)
    return Place(id=post_id, version=stored.version, post=post, seat=seat)


def member(seat: Seat) -> None:
    """Refuse whoever is not a member of a community that is open to all."""
    if not access_rules.belongs(seat.viewer):
        raise Forbidden("member_required", "This is for the community's members.")


def poster(at: Snapshot, seat: Seat) -> Person:
    """The caller, if they may post there: by what the community is set to, and by their own profile."""
    member(seat)
    if not access_rules.may_post(seat.viewer, seat.community):
        raise Forbidden("leader_required", "In this community the leader alone posts.")
    person = person_person.known(at, seat.viewer.id)
    if not person.allowances.can_post:
        raise Forbidden("may_not_post", "The profile does not allow to post.")
    return person


def party(seat: Seat, person: Person) -> Party:
    return person_person.party(seat.viewer.id, person)


def still_member(seat: Seat) -> tuple[Action, ...]:
    """Hold the transaction to the caller's membership, and to nothing that others write.

    For what many do at once to one post: reactions, votes and comments would else stand in each other's way.
    One that was on its way when the post was hidden counts, and shows as little as the post does.
    """
    own = communities_seat.membership_ref(seat.community_id, seat.viewer.id).key(seat.tenant_id)
    return (writes.unchanged(own, seat.version_of_membership),)


def spoken(seat: Seat) -> tuple[Action, ...]:
    """Hold it to the community as well: to what it lets people post."""
    return (*seat.community_as_read(), *still_member(seat))


def open_to(at: Snapshot, request: Request[Any], post_id: str) -> Place:
    """A published post, for a member: what one takes part in."""
    place = seen(at, request, post_id)
    member(place.seat)
    if place.post.status != "published":
        raise Rejected("not_published", "The post is not published.")
    return place


def moderate(request: Request[Any], command: Command) -> Answer:
    """Carry out a command of a moderator."""
    about = post_id(request)
    post = post_ref(about)

    def decide(at: Snapshot) -> Decision:
        seat = communities_seat.moderating(at, request, values.community_of(about))
        change = at.decide(post, command)
        return Decision(changes=(change,), actions=seat.as_read() if change.events else ())

    return request.transact(wanted(request, about), decide)


def told(decision: Decision) -> Answer:
    """200, for what changes no aggregate."""
    return Answer(status=200, body=decision.body)
