"""The erasure of a person, in the aggregates of a context that hold something about them.

The key is destroyed by then, so that no event shows anything any more. This blanks the states, and tells the
read models. It looks at what holds now, so that it may come late, twice or in any order.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from troupe.clock import now
from troupe.domain.decider import Decider
from troupe.edge.request import scope_after
from troupe.messaging import parts
from troupe.observability import outcome
from troupe.projection.inbound import Reaction
from troupe.store import aggregates, keys, reads, writes
from troupe.store.aggregates import Ref
from troupe.store.envelope import Envelope
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, transact
from troupe.store.writes import Action

OF = "erasure"  # the parts that are this reaction's


def erasing(*deciders: Decider[Any, Any, Any]) -> Reaction:
    """The reaction to `*.personal_data_erased`: the event's aggregate is the subject."""
    known = {each.name: each for each in deciders}

    def react(event: Envelope) -> None:
        subject = f"{event.aggregate}:{event.aggregate_id}"
        places: Sequence[str] | None = parts.part(event, OF)
        if places is None:
            places = _places(event.tenant_id, subject, known)
            if parts.shared_out(event, places, OF):
                return
        for place in places:
            kind, _, aggregate_id = place.partition("#")
            _erase(scope_after(event, now()), Ref(decider=known[kind], id=aggregate_id), subject)
        outcome("erased", tenant_id=event.tenant_id, aggregates=len(places))

    return react


def _places(tenant_id: str, subject: str, known: Mapping[str, Any]) -> list[str]:
    """The aggregates of these kinds that hold something about the subject: kind and id."""
    at = keys.subject(tenant_id, subject).pk
    found = (item["SK"].removeprefix(keys.HELD) for item in reads.between(at, keys.HELD, f"{keys.HELD}~"))
    return [place for place in found if place.partition("#")[0] in known]


def _erase(scope: Scope, ref: Ref[Any, Any, Any], subject: str) -> None:
    """What the aggregate holds is blanked, with the key of its own where that goes with the subject."""

    def decide(at: Snapshot) -> Decision:
        found = at.find(ref)
        note = writes.forget(keys.held(scope.tenant_id, subject, ref.decider.name, ref.id))
        if not found.version:
            return Decision(changes=(), actions=(note,))
        change = aggregates.change(
            ref, found, ref.decider.erasure(found.state, ref.id, subject, scope.context)
        )
        return Decision(changes=(change,), actions=(note, *_own_key(ref, found.state, subject, scope)))

    transact(scope, (ref,), decide)


def _own_key(ref: Ref[Any, Any, Any], state: Any, subject: str, scope: Scope) -> tuple[Action, ...]:
    """Of what others wrote about the person in this aggregate, where that goes with the subject."""
    own = ref.decider.name
    if own not in ref.decider.erased_with(state, ref.id, subject):
        return ()
    return (writes.forget(keys.subject(scope.tenant_id, f"{own}:{ref.id}")),)
