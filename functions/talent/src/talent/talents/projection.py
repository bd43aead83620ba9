"""A talent's card: what lists show, by tier and by organization. It can be rebuilt from the events."""

from dataclasses import dataclass

from talent.talents import metrics_rules
from talent.talents.decider import TALENT
from talent.talents.state import Talent
from troupe.domain.decider import Listing
from troupe.projection.view import Part, Place, Source, Tombstone, View
from troupe.store.aggregates import event_in
from troupe.store.envelope import Envelope


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The talent as its events tell it, and its id."""

    talent_id: str
    talent: Talent


def project(card: Part[Card], event: Envelope) -> Part[Card]:
    """Fold the event; what is deleted leaves a tombstone, from which a restored talent comes back."""
    known = card.kept if isinstance(card, Tombstone) else card
    happened = event_in(TALENT, event)
    after = TALENT.after(known.talent if known else None, happened) if happened else None
    if after is None:
        return card
    now = Card(talent_id=event.aggregate_id, talent=after)
    return Tombstone(kept=now) if after.deleted_at else now


def listed(card: Card) -> Listing:
    """By tier, the one with most followers first; and by organization, the newest first."""
    talent = card.talent
    total = metrics_rules.total_followers(talent.platforms)
    summary = {
        "display_name": talent.profile.display_name,
        "org_id": talent.org_id,
        "status": talent.status,
        "tier": talent.tier,
        "total_followers": total,
        "owner_user_id": talent.owner_user_id,
        "tags": list(talent.tags),
    }
    return Listing(
        collection=(f"TIER#{talent.tier}", f"{total:013}#{card.talent_id}"),
        queue=(f"ORG#{talent.org_id}", card.talent_id),
        summary=summary,
    )


SOURCE = Source[Card](
    kind="talent",
    shape=Card,
    place=lambda event: Place(parts=(event.aggregate_id,)),
    project=project,
    listed=listed,
)
TALENT_CARDS = View(name="talent_card", sources=(SOURCE,))
