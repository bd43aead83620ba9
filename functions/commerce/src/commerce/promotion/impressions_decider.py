"""A batch of impressions and clicks, summed by the client that shows promotions: recorded once, by its id.

Nothing is written per impression, and nothing to the promotions themselves: the batch is one event, and the
read model adds its sums, one write for each promotion and community.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from troupe.domain.decider import Context, Decider, Rejected, events_of

MOST_A_MINUTE = 1_000_000  # of one promotion, in one community, in one minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Impressions:
    """How often a promotion was shown and clicked in one minute; without a community, tenant-wide."""

    promotion_id: str
    community_id: str | None
    minute: datetime
    impressions: int
    clicks: int


# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class PromotionImpressionsRecorded:
    shown: tuple[Impressions, ...]
    digest: str  # of the batch as it came
    recorded_at: datetime


# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What is remembered of it: enough to tell the same from another one under its id."""

    digest: str


def begin(event: PromotionImpressionsRecorded) -> Batch:
    return Batch(digest=event.digest)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordImpressions:
    shown: tuple[Impressions, ...]
    digest: str


def create(command: RecordImpressions, context: Context) -> tuple[PromotionImpressionsRecorded, ...]:
    summed = summed_up(command.shown)
    if not summed:
        return ()
    return (PromotionImpressionsRecorded(shown=summed, digest=command.digest, recorded_at=context.now),)


def decide(
    command: RecordImpressions, state: Batch, _context: Context
) -> tuple[PromotionImpressionsRecorded, ...]:
    if state.digest != command.digest:
        raise Rejected("batch_reused", "Another batch was recorded under this id.")
    return ()


def summed_up(shown: Sequence[Impressions]) -> tuple[Impressions, ...]:
    """One for each promotion, community and minute; seconds are left out."""
    impressions: Counter[tuple[str, str | None, datetime]] = Counter()
    clicks: Counter[tuple[str, str | None, datetime]] = Counter()
    for each in shown:
        key = each.promotion_id, each.community_id, each.minute.replace(second=0, microsecond=0)
        impressions[key] += each.impressions
        clicks[key] += each.clicks
    return tuple(
        Impressions(
            promotion_id=promotion_id,
            community_id=community_id,
            minute=minute,
            impressions=often,
            clicks=clicks[promotion_id, community_id, minute],
        )
        for (promotion_id, community_id, minute), often in impressions.items()
        if often or clicks[promotion_id, community_id, minute]
    )


IMPRESSIONS = Decider[Batch, RecordImpressions, PromotionImpressionsRecorded](
    name="impressions",
    create=create,
    begin=begin,
    decide=decide,
    events=events_of("promotion", PromotionImpressionsRecorded),
    state=Batch,
)
