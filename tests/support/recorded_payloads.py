"""Payloads that others recorded; they lie beside the repository, and are not on every machine."""

from pathlib import Path

import pytest

from bench.northwind import FILE as NORTHWIND
from demo.catalogue import FILE as CATALOGUE
from demo.people import data_set
from local.places import REPOSITORY

STRIPE = REPOSITORY.parent / "shared" / "data" / "stripe"
DECLINE_CODES = REPOSITORY.parent / "shared" / "data" / "decline-codes" / "stripe-decline-codes.json"


def needed(path: Path, what: str) -> pytest.MarkDecorator:
    """The test is skipped where it is not at hand, and says what is missing."""
    shared = path.parents[2]
    return pytest.mark.skipif(
        not path.exists(), reason=f"../shared/{path.relative_to(shared)} is not here: {what}"
    )


needs_webhooks = needed(STRIPE / "pay", "recorded webhooks of Stripe (pay-rails/pay)")
needs_objects = needed(STRIPE / "fixtures3.json", "an example of each of Stripe's objects (stripe/openapi)")
needs_codes = needed(DECLINE_CODES, "Stripe's decline codes as another wrote them down (RecoverFlow)")
needs_catalogue = needed(data_set(CATALOGUE), "Saleor's example catalogue (saleor/saleor)")
needs_northwind = needed(data_set(NORTHWIND), "Northwind's orders as SQL (pthom/northwind_psql)")
