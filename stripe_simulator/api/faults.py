"""Faults of the API, switched on for the next calls or until they are taken away."""

import re
from dataclasses import dataclass, field
from typing import Literal, get_args

type Kind = Literal["down", "slow", "rate_limited", "lock_timeout", "broken", "broken_for_good", "lost"]
KINDS: tuple[str, ...] = get_args(Kind.__value__)


@dataclass(slots=True, kw_only=True)
class Fault:
    """`down`: nothing is done and the connection is cut. `lost`: it is done, and the connection is cut.

    `slow`: after `milliseconds`. `rate_limited` and `lock_timeout` (429), `broken` (500): nothing done.
    `broken_for_good`: a 500 that the idempotency key keeps. `calls`: for how many of those whose method and
    path it fits, or all.
    """

    kind: Kind
    path: str = ".*"
    method: str = ".*"
    calls: int | None = None
    milliseconds: int = 0

    def fits(self, method: str, path: str) -> bool:
        return bool(re.fullmatch(self.method, method) and re.fullmatch(self.path, path))


@dataclass(slots=True)
class Faults:
    """The first that fits strikes."""

    on: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """ValueError for a kind or a pattern that is none."""
        if fault.kind not in KINDS or fault.calls == 0:
            raise ValueError(f"a fault is one of {', '.join(KINDS)}, for at least one call")
        try:
            fault.fits("GET", "/")
        except re.PatternError as wrong:
            raise ValueError(f"not a pattern: {wrong}") from wrong
        self.on.append(fault)

    def strike(self, method: str, path: str) -> Fault | None:
        for fault in self.on:
            if fault.fits(method, path):
                if fault.calls is not None:
                    fault.calls -= 1
                    if not fault.calls:
                        self.on.remove(fault)
                return fault
        return None
