"""What community writes beside its aggregates: people's rows, published standings and counts of members."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from community import members, standing
from community.community import Community
from community.membership import Membership
from community.person import STREAM, VIEW, Person, place
from community.projections.people import project
from documents.golden import life
from documents.sample_ids import COMMUNITY, MEMBER, PERSON, TENANT
from documents.seeding import AnyChange, put
from troupe import aggregates, generations, writes
from troupe.store import Snapshot

MOST = 5  # communities of one leader


def seed(_at: Snapshot, changes: Sequence[AnyChange]) -> None:
    person = reduce(project, life("identity", "user", until="user.promoted"), None)
    users = [each.ref.id for each in changes if each.ref.decider.name == "user"]
    put(
        writes.put(generations.key(VIEW, 1, TENANT, place(user)), {STREAM: aggregates.dump(Person, person)})
        for user in users
    )
    states = [each.after.state for each in changes]
    put(standing.published(TENANT, COMMUNITY, each) for each in states if isinstance(each, Community))
    belonging = [each for each in states if isinstance(each, Membership)]
    put(standing.member(TENANT, each) for each in belonging)
    put(
        [
            members.opened(TENANT, COMMUNITY, None),
            writes.put(members.tally(TENANT, COMMUNITY), {"members": len(belonging)}),
            *(
                writes.put(members.owned(TENANT, leader), {"owned": 1, "most": MOST})
                for leader in (PERSON, MEMBER)
            ),
        ]
    )


def secrets(_name: str, _at: Snapshot, _changes: Sequence[AnyChange]) -> Mapping[str, Any]:
    """Nothing that a sample of community sends is signed."""
    return {}
