"""POST /v1/commerce/impressions"""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated
from uuid import NAMESPACE_OID, uuid5

from pydantic import Field

from commerce.promotion import budget
from commerce.promotion.impressions_decider import IMPRESSIONS, MOST_A_MINUTE, Impressions, RecordImpressions
from commerce.promotion.responses import Recorded
from commerce.values import Offer
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot

MOST_ENTRIES = 90
OLDEST = timedelta(days=2)  # a device may have been off the net for a while
AHEAD = timedelta(minutes=5)  # by which its clock may be wrong

Count = Annotated[int, Field(ge=0, le=MOST_A_MINUTE)]


class Entry(fields.Body):
    """One promotion in one community, in one minute; without a community, tenant-wide."""

    promotion_id: fields.Id
    community_id: fields.Id | None = None
    minute: fields.Instant
    impressions: Count = 0
    clicks: Count = 0

    def value(self) -> Impressions:
        return Impressions(
            promotion_id=self.promotion_id,
            community_id=self.community_id,
            minute=self.minute,
            impressions=self.impressions,
            clicks=self.clicks,
        )


class Body(fields.Body):
    """The client draws `batch_id` and sends the same one when it tries again: a batch is counted once."""

    batch_id: fields.Id
    shown: Annotated[tuple[Entry, ...], Field(min_length=1, max_length=MOST_ENTRIES)]


@endpoint(
    Operation(
        permission="promotion:record_impressions",
        body=Body,
        reply=Recorded,
        refusals=("batch_reused",),
        example={
            "batch_id": "0192f0c1-7a00-7000-8000-0000000000b9",
            "shown": [
                {
                    "promotion_id": "0192f0c1-7a00-7000-8000-0000000000f1",
                    "community_id": "0192f0c1-7a00-7000-8000-0000000000c1",
                    "minute": "2026-02-14T12:00:00Z",
                    "impressions": 412,
                    "clicks": 17,
                },
                {
                    "promotion_id": "0192f0c1-7a00-7000-8000-0000000000f1",
                    "minute": "2026-02-14T12:00:00Z",
                    "impressions": 9120,
                    "clicks": 203,
                },
            ],
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    """What could not have been shown there and then is left out, and the answer tells how much that is."""
    body, sender = request.body, request.caller.id
    shown = tuple(each.value() for each in body.shown)
    digest = sha256(body.model_dump_json().encode()).hexdigest()
    batch = Ref(decider=IMPRESSIONS, id=str(uuid5(NAMESPACE_OID, f"{sender}:{body.batch_id}")), creates=True)
    offers = [budget.offer_key(request.tenant_id, each) for each in {each.promotion_id for each in shown}]

    def decide(at: Snapshot) -> Decision:
        taken = tuple(each for each in shown if _could_be(each, budget.find(at, each.promotion_id), at))
        changed = at.decide(batch, RecordImpressions(shown=taken, digest=digest))
        told = {"recorded": len(taken), "left_out": len(shown) - len(taken)}
        return Decision(changes=(changed,), body=told)

    return request.transact((batch, *offers), decide)


def _could_be(shown: Impressions, offer: Offer | None, at: Snapshot) -> bool:
    """Whether the promotion was approved there, at a time within its window that is not long ago."""
    if offer is None or not _recent(shown.minute, at.scope.context.now):
        return False
    if not offer.starts_at - AHEAD <= shown.minute < offer.ends_at:
        return False
    return offer.everywhere if shown.community_id is None else shown.community_id in offer.communities


def _recent(minute: datetime, now: datetime) -> bool:
    return now - OLDEST <= minute <= now + AHEAD
