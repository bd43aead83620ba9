"""What others recorded of Stripe and wrote down of its codes; it lies beside the repository, and not with everybody."""

from pathlib import Path

import pytest

from local.places import REPOSITORY

STRIPE = REPOSITORY.parent / "shared" / "data" / "stripe"
DECLINE_CODES = REPOSITORY.parent / "shared" / "data" / "decline-codes" / "stripe-decline-codes.json"


def needed(path: Path, what: str) -> pytest.MarkDecorator:
    """The test is skipped where it is not at hand, and says what is missing."""
    place = path.relative_to(REPOSITORY.parent)
    return pytest.mark.skipif(not path.exists(), reason=f"../{place} is not here: {what}")


needs_webhooks = needed(STRIPE / "pay", "recorded webhooks of Stripe (pay-rails/pay)")
needs_objects = needed(STRIPE / "fixtures3.json", "an example of each of Stripe's objects (stripe/openapi)")
needs_codes = needed(DECLINE_CODES, "Stripe's decline codes as another wrote them down (RecoverFlow)")
