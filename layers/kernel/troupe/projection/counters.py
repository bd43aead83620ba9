"""Numbers that count each event once, however often and in any order it is received.

What an event adds and the mark that it was counted are written in one transaction; what adds to more items
than one holds is counted in parts, each with a mark of its own. Marks go after ninety days, so an older event
is not taken from a queue: whether it was counted is unknown. A rebuild counts it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from troupe.clock import now
from troupe.domain.time_zones import Zones, local
from troupe.projection import generations
from troupe.projection.view import Count, View
from troupe.store import keys, reads, writes
from troupe.store.commit import MOST_ACTIONS, Stale, commit
from troupe.store.envelope import Envelope
from troupe.store.keys import Key
from troupe.store.table import Unavailable
from troupe.store.writes import Action

MARKED_FOR = timedelta(days=90)
MOST_EVENTS = MOST_ITEMS = (
    99  # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
)


class TooOld(Exception):  # noqa: N818 -- what is wrong with the event
    """The mark of this event would have gone by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counted:
    """What one event adds, or a part of it: by item and field."""

    event_id: str
    mark: Key
    sums: dict[tuple[Key, str], int]

    @property
    def items(self) -> set[Key]:
        return {key for key, _ in self.sums}


def count(
    view: View,
    generation: int,
    envelopes: Sequence[Envelope],
    oldest: datetime | None = None,
    zones: Mapping[str, Zones] | None = None,
) -> dict[str, Exception]:
    """Count each event that was not counted yet; the ids of those that failed, and why.

    Events that happened before `oldest` are refused; it is ninety days ago if it is not given. `zones`: of
    the tenants whose events add something, if they were read already.
    """
    if view.count is None:
        return {}
    failed: dict[str, Exception] = {}
    due: list[_Counted] = []
    limit, known = oldest or now() - MARKED_FOR, _zones((view,), envelopes) if zones is None else zones
    for envelope in {each.id: each for each in envelopes if each.tenant_id in known}.values():
        try:
            event = envelope.upcast(view.upcasters)
            counted = _counted(view, generation, event, known[event.tenant_id])
            if counted and datetime.fromisoformat(envelope.occurred_at) < limit:
                raise TooOld(envelope.occurred_at)  # noqa: TRY301 -- fails like any other event
        except Exception as error:  # noqa: BLE001 -- one event must not keep the others back
            failed[envelope.id] = error
        else:
            due += counted
    for chunk in _chunks(due):
        failed |= _commit(chunk)
    return failed


def standings(views: Iterable[View], envelopes: Iterable[Envelope]) -> dict[str, Key]:
    """Where the zones stand of the tenants whose events add something, by tenant."""
    counting = [(view.count, view.upcasters) for view in views if view.count]
    return {
        envelope.tenant_id: keys.standing(envelope.tenant_id)
        for envelope in envelopes
        if any(_adds(count, envelope.upcast(upcasters)) for count, upcasters in counting)
    }


def zones(wanted: Mapping[str, Key], found: Mapping[Key, Mapping[str, Any]]) -> dict[str, Zones]:
    """The zones of each tenant, from the standings that were read."""
    return {tenant: _zones_of(found.get(key, {})) for tenant, key in wanted.items()}


def _zones_of(standing: Mapping[str, Any]) -> Zones:
    before = [(datetime.fromisoformat(ended), zone) for ended, zone in standing.get("zones", ())]
    return Zones(current=standing.get("zone", "UTC"), before=tuple(before))


def _zones(views: Iterable[View], envelopes: Iterable[Envelope]) -> dict[str, Zones]:
    wanted = standings(views, envelopes)
    return zones(wanted, reads.many(list(wanted.values())))


def _adds(increments: Count, envelope: Envelope) -> bool:
    """Whether the event adds anything, in any time zone; an uncountable event fails when it is counted."""
    try:
        return any(True for _ in increments(envelope, datetime.fromisoformat(envelope.occurred_at)))
    except Exception:  # noqa: BLE001 -- told of when it is counted
        return True


def _counted(view: View, generation: int, envelope: Envelope, zones: Zones) -> list[_Counted]:
    """What the event adds, in parts that each fit a transaction: the same parts whenever it is received."""
    happened = datetime.fromisoformat(envelope.occurred_at)
    sums: dict[tuple[Key, str], int] = {}
    at = local(happened, zones.at(happened))
    for increment in view.count(envelope, at) if view.count else ():
        key = generations.key(view.name, generation, envelope.tenant_id, increment.place)
        sums[key, increment.field] = sums.get((key, increment.field), 0) + increment.by
    physical, parts = generations.physical(view.name, generation), dict[int, dict[tuple[Key, str], int]]()
    part_of = {key: index // MOST_ITEMS for index, key in enumerate(dict.fromkeys(key for key, _ in sums))}
    for (key, field), by in sums.items():
        parts.setdefault(part_of[key], {})[key, field] = by
    return [
        _Counted(event_id=envelope.id, mark=_mark(envelope, physical, number), sums=part)
        for number, part in parts.items()
    ]


def _mark(envelope: Envelope, physical: str, part: int) -> Key:
    name = f"{envelope.id}~{part}" if part else envelope.id
    return keys.counted(envelope.tenant_id, physical, name)


def _chunks(due: Sequence[_Counted]) -> Iterator[list[_Counted]]:
    """As many events as fit a transaction, with the items that they add to."""
    chunk: list[_Counted] = []
    items: set[Key] = set()
    for each in due:
        together = items | each.items
        if chunk and (len(chunk) == MOST_EVENTS or len(chunk) + 1 + len(together) > MOST_ACTIONS):
            yield chunk
            chunk, together = [], each.items
        chunk.append(each)
        items = together
    if chunk:
        yield chunk


def _commit(due: Sequence[_Counted]) -> dict[str, Exception]:
    """Commit these events, without those that turn out to be counted already."""
    expires_at = int((now() + MARKED_FOR).timestamp())
    while due:
        marks = [writes.put(each.mark, {"expires_at": expires_at}, absent=True) for each in due]
        try:
            commit([*marks, *_additions(due)])
        except Stale as stale:
            due = [each for index, each in enumerate(due) if index not in stale.found]
        except ClientError as error:
            if len(due) == 1:
                return {due[0].event_id: error}
            middle = len(due) // 2  # one that cannot be written must not keep the others back
            return _commit(due[:middle]) | _commit(due[middle:])
        except (BotoCoreError, Unavailable) as error:
            return {each.event_id: error for each in due}
        else:
            break
    return {}


def _additions(due: Sequence[_Counted]) -> list[Action]:
    """One update for each item, however many events add to it."""
    sums: dict[Key, dict[str, int]] = {}
    for each in due:
        for (key, field), by in each.sums.items():
            fields = sums.setdefault(key, {})
            fields[field] = fields.get(field, 0) + by
    return [_addition(key, fields) for key, fields in sums.items()]


def _addition(key: Key, fields: dict[str, int]) -> Action:
    numbered: dict[str, Any] = {f"n{index}": by for index, by in enumerate(fields.values())}
    names = {f"#n{index}": field for index, field in enumerate(fields)}
    expression = "ADD " + ", ".join(f"#{name} :{name}" for name in numbered)
    return writes.update(key, expression, numbered, names=names)
