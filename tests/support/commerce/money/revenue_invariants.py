"""What the shop's books say of revenue: a tenant's days, each currency apart, from the items of the table."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from support.commerce.invariants import Revenue

SIGNS = {"gross_": 1, "refunded_": -1}

type Item = Mapping[str, Any]
type Of = tuple[
    str, str, str
]  # whose revenue, in which generation: the partition's beginning, day and currency


def revenues(items: Iterable[Item]) -> list[Revenue]:
    """`day` is a day and a currency. A day that nothing says anything of is not there."""
    net: Counter[Of] = Counter()
    by: defaultdict[tuple[Of, str], Counter[str]] = defaultdict(Counter)
    for item in items:
        tenant, *parts = item["PK"].split("#")
        if len(parts) != 3 or parts[0].partition("~")[0] != "REVENUE":
            continue
        breakdown, day, name = parts[1], parts[2], item["SK"]
        for currency, cents in _signed(item):
            if breakdown == "DAYS":
                net[tenant + parts[0], name, currency] += cents
            else:
                by[(tenant + parts[0], day, currency), breakdown][name] += cents
    known = net.keys() | {of for of, _ in by}
    return [
        Revenue(
            day=f"{of[1]} {of[2]}",
            net=net[of],
            by_community=by[of, "COMMUNITIES"],
            by_promotion=by[of, "PROMOTIONS"],
        )
        for of in sorted(known)
    ]


def _signed(item: Item) -> Iterator[tuple[str, int]]:
    for name, value in item.items():
        for kind, sign in SIGNS.items():
            if name.startswith(kind):
                yield name.removeprefix(kind), sign * value
