"""The catalogue of feature flags, and a tenant's overrides: one item each, so that all flags are one read.

A tenant's requests may read items about flags by their keys, and no index of what belongs to no tenant.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any, NamedTuple

from identity.feature.flag_decider import NAME, Definition, Evaluation, evaluate
from identity.feature.override_decider import FEATURE_OVERRIDE, Command
from troupe.domain.decider import Rejected
from troupe.edge.request import Request
from troupe.store import keys, writes
from troupe.store.aggregates import Ref
from troupe.store.keys import SYSTEM, Key
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, Unknown
from troupe.store.writes import Action

MOST = 200
CATALOGUE = Key(keys.view(SYSTEM, "FEATURE_FLAG", "CATALOGUE"), "CATALOGUE")  # a flag's name is in lower case

type Item = Mapping[str, Any] | None


class Evaluated(NamedTuple):
    name: str
    definition: Definition
    evaluation: Evaluation


def overrides(tenant_id: str) -> Key:
    return Key(keys.view(tenant_id, "FEATURE_FLAG", "OVERRIDES"), "OVERRIDES")


def listed(at: Snapshot, name: str, definition: Definition) -> Action:
    """A definition as the catalogue shows it; a new one is refused when there are too many."""
    found = at.item(CATALOGUE)
    shown = asdict(definition)
    if found is None:
        return writes.put(CATALOGUE, {"flags": {name: shown}}, absent=True)
    too_many = Rejected("too_many_flags", f"There are at most {MOST} feature flags.")
    return writes.update(
        CATALOGUE,
        "SET flags.#name = :flag",
        {"flag": shown, "most": MOST},
        condition="size(flags) < :most OR attribute_exists(flags.#name)",
        names={"#name": name},
        refused=too_many,
    )


def override(request: Request[Any], command: Command) -> Answer:
    """Carry out a command on what the request's tenant has set a flag to; there has to be such a flag."""
    if not NAME.fullmatch(command.flag):
        raise Unknown(command.flag)
    chosen = Ref(decider=FEATURE_OVERRIDE, id=command.flag, creates=True)

    def decide(at: Snapshot) -> Decision:
        if command.flag not in (at.item(CATALOGUE) or {}).get("flags", {}):
            raise Unknown(command.flag)
        change = at.decide(chosen, command)
        after = change.after.state
        moved = (_overridden(at, command.flag, after.enabled),) if after and change.events else ()
        return Decision(changes=(change,), actions=moved)

    read = replace(chosen, creates=False)
    return request.transact((read, CATALOGUE, overrides(request.tenant_id)), decide)


def _overridden(at: Snapshot, name: str, enabled: bool | None) -> Action:  # noqa: FBT001 -- a flag's value
    """What a tenant has set a flag to, beside what else it has set; None takes it away."""
    key = overrides(at.scope.tenant_id)
    if at.item(key) is None:
        return writes.put(key, {"flags": {name: enabled}}, absent=True)
    named = {"#name": name}
    if enabled is None:
        return writes.update(key, "REMOVE flags.#name", {}, names=named)
    return writes.update(key, "SET flags.#name = :enabled", {"enabled": enabled}, names=named)


def evaluated(catalogue: Item, chosen: Item, tenant_id: str) -> Iterator[Evaluated]:
    """Every flag as it is for a tenant, by name."""
    own: Mapping[str, bool] = (chosen or {}).get("flags", {})
    flags: Mapping[str, Mapping[str, Any]] = (catalogue or {}).get("flags", {})
    for name in sorted(flags):
        definition = Definition(**flags[name])
        yield Evaluated(name, definition, evaluate(name, definition, own.get(name), tenant_id))
