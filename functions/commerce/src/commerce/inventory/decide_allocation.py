"""Where an order's units are taken from: which location, and which bucket there. Pure; chance is passed in.

The choice rests on what was seen, and the write that follows is what decides: when its condition fails, the
stock is read again, strongly, and chosen from anew. Refuse only after such a read.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from troupe.domain import buckets
from troupe.domain.buckets import Draw

type Wants = Mapping[str, int]  # variant -> quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A bucket of a variant at a location, as it was read."""

    variant_id: str
    location_id: str
    bucket: int
    available: int
    sellable: bool = True

    @property
    def on_offer(self) -> int:
        return max(0, self.available) if self.sellable else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """So many units of a variant, from one bucket. The same bucket is given back or consumed."""

    variant_id: str
    location_id: str
    bucket: int
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Where everything comes from; or, where anything is short, all that is, with what is left of it."""

    allocations: tuple[Allocation, ...] = ()
    short: Mapping[str, int]


def merged(lines: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Equal lines as one: two lines of one unit each want two."""
    wants: defaultdict[str, int] = defaultdict(int)
    for variant_id, quantity in lines:
        wants[variant_id] += quantity
    return dict(wants)


def on_offer(seen: Iterable[Seen]) -> dict[str, int]:
    """What is left of each variant, over all locations and buckets."""
    return merged((each.variant_id, each.on_offer) for each in seen)


def choose(wants: Wants, seen: Sequence[Seen], draw: Draw, preferred: Sequence[str] = ()) -> Choice:
    """Take what one supplier's lines want: all from one location if any has it all, else by location.

    Locations come in the order preferred, then by what they have, the most first; each gives what it has, and
    the rest is carried on to the next.
    """
    left = on_offer(seen)
    short = {name: left.get(name, 0) for name, quantity in wants.items() if left.get(name, 0) < quantity}
    if short:
        return Choice(short=short)
    piles = _piles(wants, seen)
    whole = [
        location
        for location in dict.fromkeys(location for location, _ in piles)
        if all(_stock(piles.get((location, variant), ())) >= quantity for variant, quantity in wants.items())
    ]
    if whole:
        stock = {place: sum(_stock(piles[place, variant]) for variant in wants) for place in whole}
        best = min(whole, key=lambda place: (_rank(place, preferred), -stock[place]))
        taken = (_take(piles[best, variant], quantity, draw) for variant, quantity in wants.items())
    else:
        taken = (_by_location(variant, wants[variant], piles, draw, preferred) for variant in wants)
    return Choice(allocations=tuple(each for some in taken for each in some), short={})


type _Piles = Mapping[tuple[str, str], Sequence[Seen]]  # by location and variant


def _piles(wants: Wants, seen: Iterable[Seen]) -> _Piles:
    piles: defaultdict[tuple[str, str], list[Seen]] = defaultdict(list)
    for each in seen:
        if each.variant_id in wants and each.on_offer:
            piles[each.location_id, each.variant_id].append(each)
    return piles


def _stock(pile: Sequence[Seen]) -> int:
    return sum(each.on_offer for each in pile)


def _rank(location: str, preferred: Sequence[str]) -> int:
    return preferred.index(location) if location in preferred else len(preferred)


def _by_location(
    variant: str, quantity: int, piles: _Piles, draw: Draw, preferred: Sequence[str]
) -> Iterable[Allocation]:
    having = [(location, pile) for (location, of), pile in piles.items() if of == variant]
    having.sort(key=lambda each: (_rank(each[0], preferred), -_stock(each[1])))
    for _, pile in having:
        here = min(quantity, _stock(pile))
        yield from _take(pile, here, draw)
        quantity -= here


def _take(pile: Sequence[Seen], quantity: int, draw: Draw) -> Iterable[Allocation]:
    parts = buckets.taken([each.on_offer for each in pile], quantity, draw) if quantity else ()
    return (_of(pile[bucket], part) for bucket, part in parts)


def _of(seen: Seen, quantity: int) -> Allocation:
    return Allocation(
        variant_id=seen.variant_id,
        location_id=seen.location_id,
        bucket=seen.bucket,
        quantity=quantity,
    )
