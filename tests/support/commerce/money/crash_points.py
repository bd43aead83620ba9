"""Kills the product at any moment before or after a write or a call of Stripe."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from support.faulty_client import Crash
from troupe.store import table
from troupe.stripe import client as stripe_client


@dataclass
class CrashPoints:
    """Counts the moments before and after each step of the product's, and strikes at one of them."""

    at: int | None = None
    passed: int = 0

    def moment(self) -> None:
        self.passed += 1
        if self.passed - 1 == self.at:
            raise Crash

    @contextmanager
    def watching(self) -> Iterator[None]:
        events, call = table.client().meta.events, stripe_client.call

        def around(work: Callable[[Any], Any]) -> Any:
            self.moment()
            found = call(work)
            self.moment()
            return found

        def strike(**_: Any) -> None:
            self.moment()

        names = [f"{when}-call.dynamodb.TransactWriteItems" for when in ("before", "after")]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(stripe_client, "call", around)
            for name in names:
                events.register(name, strike)
            try:
                yield
            finally:
                for name in names:
                    events.unregister(name, strike)
