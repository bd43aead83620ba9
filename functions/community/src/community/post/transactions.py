"""A post as a request meets it: by its id, in its community, from the caller's seat.

Who may not see a post is told that there is none (`Unknown`), alike with one that never was.
"""

from dataclasses import dataclass
from typing import Any

from community import access, addresses, people, seats
from community.membership_events import Party
from community.person import Person
from community.post import POST
from community.post_commands import Command
from community.post_state import Post
from community.seats import Seat
from troupe import writes
from troupe.aggregates import Ref, Stored
from troupe.decider import Rejected
from troupe.keys import Key
from troupe.principal import Forbidden
from troupe.request import Request
from troupe.scope import Answer
from troupe.store import Decision, Snapshot, Unknown, Wanted
from troupe.writes import Action


def post_id(request: Request[Any]) -> str:
    """The one in the path; what is no post's id names nothing."""
    value = request.path.get("post_id", "")
    if not addresses.is_post(value):
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
    return post_ref(post_id), *seats.wanted(request, addresses.community_of(post_id))


def read(request: Request[Any], post_id: str) -> tuple[Key, ...]:
    """The same where nothing of it is written, so that there is no version to match."""
    refs = (post_ref(post_id), *seats.wanted(request, addresses.community_of(post_id)))
    return tuple(ref.key(request.tenant_id) for ref in refs)


def seen(at: Snapshot, request: Request[Any], post_id: str) -> Place:
    seat = seats.seen(at, request, addresses.community_of(post_id))
    stored = at.of(post_ref(post_id))
    post = stored.state
    if not access.may_read(seat.viewer, post):
        raise Unknown(post_id)
    return Place(id=post_id, version=stored.version, post=post, seat=seat)


def found(at: Snapshot, request: Request[Any], post_id: str) -> Place:
    """A post that the caller may see, or could if it were not deleted."""
    seat = seats.seen(at, request, addresses.community_of(post_id))
    stored = at.of(post_ref(post_id), deleted=True)
    post = stored.state
    if not access.may_find(seat.viewer, post):
        raise Unknown(post_id)
    return Place(id=post_id, version=stored.version, post=post, seat=seat)


def member(seat: Seat) -> None:
    """Refuse whoever is not a member of a community that is open to all."""
    if not access.belongs(seat.viewer):
        raise Forbidden("member_required", "This is for the community's members.")


def poster(at: Snapshot, seat: Seat) -> Person:
    """The caller, if they may post there: by what the community is set to, and by their own profile."""
    member(seat)
    if not access.may_post(seat.viewer, seat.community):
        raise Forbidden("leader_required", "In this community the leader alone posts.")
    person = people.known(at, seat.viewer.id)
    if not person.allowances.can_post:
        raise Forbidden("may_not_post", "The profile does not allow to post.")
    return person


def party(seat: Seat, person: Person) -> Party:
    return people.party(seat.viewer.id, person)


def still_member(seat: Seat) -> tuple[Action, ...]:
    """Hold the transaction to the caller's membership, and to nothing that others write.

    For what many do at once to one post: reactions, votes and comments would else stand in each other's way.
    One that was on its way when the post was hidden counts, and shows as little as the post does.
    """
    own = seats.membership_ref(seat.community_id, seat.viewer.id).key(seat.tenant_id)
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
        seat = seats.moderating(at, request, addresses.community_of(about))
        change = at.decide(post, command)
        return Decision(changes=(change,), actions=seat.as_read() if change.events else ())

    return request.transact(wanted(request, about), decide)


def told(decision: Decision) -> Answer:
    """200, for what changes no aggregate."""
    return Answer(status=200, body=decision.body)
