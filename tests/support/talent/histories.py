"""Events that the unit tests of a talent begin with."""

from support.spec import NOON, Given
from talent.talents.commands import UpdateTalentMetrics
from talent.talents.decider import TALENT
from talent.talents.events import TalentCreated, TalentPlatformLinked
from talent.talents.values import Profile

NOW = NOON.now
EMILY = Profile(display_name="Emily", email="emily@example.com")
CREATED = TalentCreated(org_id="o1", profile=EMILY, source="manual", created_at=NOW)
LINKED = TalentPlatformLinked(platform="tiktok", handle="emily", external_id="7")
given = Given(TALENT)


def after(history, *commands, now=NOW):
    """The history with what these commands add."""
    for command in commands:
        history = (*history, *given(*history).at(now).when(command).act())
    return history


def snapshot(count, at, platform="tiktok", **more):
    return UpdateTalentMetrics(platform=platform, follower_count=count, as_of=at, **more)
