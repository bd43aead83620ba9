"""A feature flag: one definition for the whole system, and whether it is on for a tenant, and why."""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, NamedTuple

from troupe.domain.decider import Context, Decider, events_of

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")

type Reason = Literal["kill", "tenant", "rollout", "global", "default"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What decides, from the strongest to the weakest: see `evaluate`."""

    description: str
    enabled: bool  # the default
    killed: bool = False
    rollout_percentage: int | None = None
    value: bool | None = None  # for all tenants


class Evaluation(NamedTuple):
    enabled: bool
    reason: Reason


def evaluate(name: str, flag: Definition, override: bool | None, tenant_id: str) -> Evaluation:  # noqa: FBT001 -- what was set for the tenant, if anything
    """Kill over tenant over rollout over global over default.

    A rollout turns the feature on for its share of tenants; what holds for the others is said further down.
    """
    if flag.killed:
        return Evaluation(enabled=False, reason="kill")
    if override is not None:
        return Evaluation(enabled=override, reason="tenant")
    if flag.rollout_percentage is not None and share(name, tenant_id) < flag.rollout_percentage:
        return Evaluation(enabled=True, reason="rollout")
    if flag.value is not None:
        return Evaluation(enabled=flag.value, reason="global")
    return Evaluation(enabled=flag.enabled, reason="default")


def share(name: str, tenant_id: str) -> int:
    """Where a tenant stands in a flag's rollout, from 0 to 99: always the same, and for each flag another."""
    return int(sha256(f"{name}:{tenant_id}".encode()).hexdigest(), 16) % 100


# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureFlagDefined:
    """The whole definition as it is now."""

    definition: Definition


type Event = FeatureFlagDefined

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureFlag:
    definition: Definition | None = None


def begin(event: Event) -> FeatureFlag:
    return FeatureFlag(definition=event.definition)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class DefineFeatureFlag:
    definition: Definition


def create(command: DefineFeatureFlag, _context: Context) -> tuple[Event, ...]:
    return (FeatureFlagDefined(definition=command.definition),)


def decide(command: DefineFeatureFlag, state: FeatureFlag, context: Context) -> tuple[Event, ...]:
    return () if command.definition == state.definition else create(command, context)


FEATURE_FLAG = Decider[FeatureFlag, DefineFeatureFlag, Event](
    name="feature_flag",
    create=create,
    begin=begin,
    decide=decide,
    events=events_of("feature_flag", Event),
    state=FeatureFlag,
)
