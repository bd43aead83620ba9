"""What many do to one post: its reactions, votes and comments, counted exactly.

A user's choice is an item beside the post. The counts are spread over counters, each user's always
in the same one, so that a choice that is changed or taken back makes no counter negative.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal

from community.post.decider import POST
from troupe.domain.instants import rfc3339
from troupe.store import keys, writes
from troupe.store.keys import Key
from troupe.store.transact import Snapshot
from troupe.store.writes import Action

type Choice = Literal["VOTE", "REACTION"]
type Reaction = Literal["like", "love", "laugh", "wow", "sad", "angry"]

SHARDS = 8
COMMENTS = "comments"
_FIELDS = {"VOTE": "votes", "REACTION": "reactions"}


def tallies(tenant_id: str, post_id: str) -> tuple[Key, ...]:
    return tuple(_tally(tenant_id, post_id, shard) for shard in range(SHARDS))


def _tally(tenant_id: str, post_id: str, shard: int) -> Key:
    return keys.counter(tenant_id, "post", post_id, f"{shard:02}")


def _shard(user_id: str) -> int:
    return int(user_id[-2:], 16) % SHARDS  # the last digits of a UUIDv7 are random


def counted(at: Snapshot, post_id: str) -> Counter[str]:
    """`comments`, `votes_1`, `reactions_like` and so on; what was never counted is nothing."""
    total = Counter[str]()
    for key in tallies(at.scope.tenant_id, post_id):
        for name, number in (at.item(key) or {}).items():
            if name not in {"PK", "SK"}:
                total[name] += number
    return total


def of(counts: Mapping[str, int], choice: Choice) -> dict[str, int]:
    """The counts of one kind by what was chosen."""
    prefix = f"{_FIELDS[choice]}_"
    return {name.removeprefix(prefix): n for name, n in counts.items() if name.startswith(prefix) and n}


def commented(tenant_id: str, post_id: str, author_id: str, by: int) -> Action:
    return _add(tenant_id, post_id, author_id, {COMMENTS: by})


def own(tenant_id: str, post_id: str, user_id: str, choice: Choice) -> Key:
    """{choice, chosen_at}, of one user."""
    return keys.part(tenant_id, POST.name, post_id, f"{choice}#{user_id}")


def chosen(at: Snapshot, post_id: str, user_id: str, choice: Choice) -> str | None:
    item = at.item(own(at.scope.tenant_id, post_id, user_id, choice))
    return item["choice"] if item else None


def choose(at: Snapshot, post_id: str, user_id: str, choice: Choice, to: str | None) -> tuple[Action, ...]:
    """One's choice from now on, or None; nothing where it is that already."""
    was, tenant_id = chosen(at, post_id, user_id, choice), at.scope.tenant_id
    if was == to:
        return ()
    moved = {f"{_FIELDS[choice]}_{each}": by for each, by in ((was, -1), (to, 1)) if each}
    key = own(tenant_id, post_id, user_id, choice)
    return (_set(at, key, was, to), _add(tenant_id, post_id, user_id, moved))


def _set(at: Snapshot, key: Key, was: str | None, to: str | None) -> Action:
    """Held to what was read: of two at once, the second reads and decides again."""
    if to is None:
        return writes.release(key, choice=was or "")
    values: dict[str, Any] = {"choice": to, "chosen_at": rfc3339(at.scope.context.now)}
    if was is None:
        return writes.put(key, values, absent=True)
    expression = "SET choice = :choice, chosen_at = :chosen_at"
    return writes.update(key, expression, values | {"was": was}, condition="choice = :was")


def _add(tenant_id: str, post_id: str, user_id: str, moved: Mapping[str, int]) -> Action:
    names = {f"#n{index}": field for index, field in enumerate(moved)}
    values = {f"n{index}": by for index, by in enumerate(moved.values())}
    expression = "ADD " + ", ".join(f"#{name} :{name}" for name in values)
    return writes.update(_tally(tenant_id, post_id, _shard(user_id)), expression, values, names=names)
