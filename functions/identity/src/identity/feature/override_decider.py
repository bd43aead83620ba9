"""A feature override: the value of a feature flag for one tenant, which the rollout does not change."""

from dataclasses import dataclass
from typing import assert_never

from troupe.domain.decider import Context, Decider, events_of

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantFeatureOverrideSet:
    flag: str
    enabled: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantFeatureOverrideCleared:
    flag: str


type Event = TenantFeatureOverrideSet | TenantFeatureOverrideCleared

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureOverride:
    """None: the tenant has the flag's own value."""

    enabled: bool | None = None
    reason: str = ""


def begin(event: Event) -> FeatureOverride:
    match event:
        case TenantFeatureOverrideSet():
            return FeatureOverride(enabled=event.enabled, reason=event.reason)
        case TenantFeatureOverrideCleared():
            return FeatureOverride()
        case _:
            assert_never(event)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFeatureOverride:
    """Turn a feature on or off for this tenant; only the kill switch overrules it."""

    flag: str
    enabled: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearFeatureOverride:
    """Give the tenant the flag's own value again."""

    flag: str


type Command = SetFeatureOverride | ClearFeatureOverride


def create(command: Command, context: Context) -> tuple[Event, ...]:
    return decide(command, FeatureOverride(), context)


def decide(command: Command, state: FeatureOverride, _context: Context) -> tuple[Event, ...]:
    match command:
        case SetFeatureOverride():
            same = (command.enabled, command.reason) == (state.enabled, state.reason)
            chosen = TenantFeatureOverrideSet(
                flag=command.flag, enabled=command.enabled, reason=command.reason
            )
            return () if same else (chosen,)
        case ClearFeatureOverride():
            return () if state.enabled is None else (TenantFeatureOverrideCleared(flag=command.flag),)
        case _:
            assert_never(command)


FEATURE_OVERRIDE = Decider[FeatureOverride, Command, Event](
    name="feature_override",
    create=create,
    begin=begin,
    decide=decide,
    events=events_of("tenant", Event),
    state=FeatureOverride,
)
