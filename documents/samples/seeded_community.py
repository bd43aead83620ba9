"""What community writes beside its aggregates: people's rows, published standings and counts of members."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

from community.communities import membership_counts, transactions
from community.communities.decider import Community
from community.communities.membership_decider import Membership
from community.person.person import STREAM, VIEW, Person, place
from community.person.projection import project
from documents.samples.golden import life
from documents.samples.sample_ids import COMMUNITY, MEMBER, PERSON, TENANT
from documents.samples.seeding import AnyChange, put
from troupe.projection import generations
from troupe.store import aggregates, writes
from troupe.store.transact import Snapshot

MOST = 5  # communities of one leader


def seed(_at: Snapshot, changes: Sequence[AnyChange]) -> None:
    person = reduce(project, life("identity", "user", until="user.promoted"), None)
    users = [each.ref.id for each in changes if each.ref.decider.name == "user"]
    put(
        writes.put(generations.key(VIEW, 1, TENANT, place(user)), {STREAM: aggregates.dump(Person, person)})
        for user in users
    )
    states = [each.after.state for each in changes]
    communities = [each for each in states if isinstance(each, Community)]
    put(action for each in communities for action in transactions.published(TENANT, COMMUNITY, each))
    belonging = [each for each in states if isinstance(each, Membership)]
    put(transactions.member(TENANT, each) for each in belonging)
    put(
        [
            *membership_counts.opened(TENANT, COMMUNITY, None, len(belonging)),
            *(
                writes.put(membership_counts.owned(TENANT, leader), {"owned": 1, "most": MOST})
                for leader in (PERSON, MEMBER)
            ),
        ]
    )


def secrets(_name: str, _at: Snapshot, _changes: Sequence[AnyChange]) -> Mapping[str, Any]:
    """Nothing that a sample of community sends is signed."""
    return {}
