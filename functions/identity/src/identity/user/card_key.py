"""Where a person's card is read."""

from identity.user.cards import USER_CARDS, place
from troupe.projection import generations
from troupe.store.keys import Key


def key_of(tenant_id: str, user_id: str) -> Key:
    """The card's row in the generation that is live."""
    at = place(user_id)
    return Key(generations.partition(tenant_id, USER_CARDS.name, *at.parts), at.sort)
