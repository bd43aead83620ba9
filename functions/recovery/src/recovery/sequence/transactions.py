"""What stands beside a dunning sequence: its editions, and whose default it may be."""

from collections.abc import Iterable, Mapping
from typing import Any

from recovery.sequence.decider import DUNNING_SEQUENCE, Command, CreateDunningSequence, DunningSequence
from recovery.sequence.events import Edition, Event
from troupe.domain.decider import Invalid
from troupe.store import aggregates, keys, writes
from troupe.store.aggregates import Change, Ref
from troupe.store.keys import Key
from troupe.store.transact import Snapshot
from troupe.store.writes import Action

REFUSALS = ("unknown_step", "wrong_delays")  # a body is refused before it is too large for an event


def ref(
    sequence_id: str, *, creates: bool = False
) -> Ref[DunningSequence, CreateDunningSequence | Command, Event]:
    return Ref(decider=DUNNING_SEQUENCE, id=sequence_id, creates=creates)


def edition_key(tenant_id: str, sequence_id: str, edition: int) -> Key:
    """Where an edition is, for ever."""
    return keys.part(tenant_id, DUNNING_SEQUENCE.name, sequence_id, f"VERSION#{edition:06}")


def edition_of(item: Mapping[str, Any]) -> Edition:
    """The edition that an item holds."""
    edition: Edition = aggregates.parse(Edition, item["edition"])
    return edition


def published(change: Change[DunningSequence, Any, Event], tenant_id: str) -> tuple[Action, ...]:
    """The put of an edition that is new; it is written once."""
    was, now = change.before.state, change.after.state
    if now is None or was == now:
        return ()
    if was is not None and was.current.edition == now.current.edition:
        return ()
    key = edition_key(tenant_id, change.ref.id, now.current.edition)
    return (writes.put(key, {"edition": aggregates.dump(Edition, now.current)}, absent=True),)


def owned(at: Snapshot, workspace_id: str, sequence_ids: Iterable[str]) -> None:
    """Refuse what is no sequence of the workspace (`unknown_sequence`)."""
    for sequence_id in sequence_ids:
        found = at.find(ref(sequence_id)).state
        if found is None or found.workspace_id != workspace_id:
            detail = "The default is a sequence of the workspace."
            raise Invalid("unknown_sequence", detail, "default_sequence_id")
