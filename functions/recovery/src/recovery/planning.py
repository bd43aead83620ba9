"""What an attempt's retries are planned by: the workspace's settings in the words of the policy."""

from datetime import time

from recovery.attempt_commands import Planning
from recovery.policy.schedule import RetryPolicy
from recovery.workspace_settings import Settings


def policy_of(settings: Settings) -> RetryPolicy:
    return RetryPolicy(
        retry_limit=settings.retry_limit,
        payday_rule=settings.payday_rule,
        local_time=time(settings.retry_hour_local),
        spread_minutes=settings.retry_spread_minutes,
    )


def planning_of(attempt_id: str, settings: Settings) -> Planning:
    """Without the card's ledger and the invoice's circumstances, which are known once the truth is."""
    return Planning(
        attempt_id=attempt_id,
        policy=policy_of(settings),
        decline_overrides=settings.decline_overrides,
    )
