"""Where a person's card is read."""

from identity.projections.user_cards import USER_CARDS, place
from troupe import generations
from troupe.keys import Key


def key_of(tenant_id: str, user_id: str) -> Key:
    """The card's row in the generation that is live."""
    at = place(user_id)
    return Key(generations.partition(tenant_id, USER_CARDS.name, *at.parts), at.sort)
