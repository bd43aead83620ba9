"""What holds of a shop's books at every moment: rules over what was read from the table. All of it pure.

The numbers are those of the research, commerce 3.6. A rule gives back what is wrong, in words.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

type Findings = Iterator[str]
type Spot = tuple[str, str, int]  # variant, location, bucket


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """One bucket of stock. `oversold_by_force`: less was counted there than is ordered, with `force`."""

    spot: Spot
    on_hand: int
    available: int
    reserved: int
    safety: int
    oversold_by_force: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of an order as it was placed, and the state that its supplier's part has it in."""

    quantity: int
    subtotal: int
    discount: int
    tax: int
    state: str
    refunded: int = 0
    held: tuple[tuple[Spot, int], ...] = ()  # what is still reserved for it


@dataclass(frozen=True, kw_only=True)
class Order:
    id: str
    status: str  # the finer one
    due: bool  # whether it has a key under which its hold falls due
    lines: tuple[Line, ...]
    histogram: Mapping[str, int]
    subtotal: int
    discount: int
    tax: int
    shipping: int
    total: int
    captured: int = 0
    refunded: int = 0
    intent: str | None = None
    customer: str = ""
    budgets: tuple[str, ...] = ()  # of promotions that it counts against, unless it was given back
    refunds: tuple[int, ...] = ()  # that have gone back
    shipping_refunded: int = 0  # of it
    by_hand: int = 0  # of it, at Stripe, and of no line


@dataclass(frozen=True, kw_only=True)
class Budget:
    promotion_id: str
    limit: int
    remaining: int


@dataclass(frozen=True, kw_only=True)
class Account:
    """What a supplier earned and got, in one currency; `sold` and `sent` are what its parts of orders say."""

    supplier_id: str
    earnings: int = 0
    commission: int = 0
    reversals: int = 0
    payouts: int = 0
    balance: int = 0
    sold: int = 0  # less commission and refunds
    sent: int = 0  # less what came back


@dataclass(frozen=True, kw_only=True)
class Revenue:
    """A day's net revenue, and how it was attributed."""

    day: str
    net: int
    by_community: Mapping[str, int] = field(default_factory=dict)  # and under "none" what came of none
    by_promotion: Mapping[str, int] = field(default_factory=dict)


HELD_UNTIL = {"pending_payment"}  # the statuses in which a hold falls due


def i1_buckets_balance(buckets: Iterable[Bucket]) -> Findings:
    for each in buckets:
        if each.on_hand != each.available + each.reserved + each.safety:
            yield f"I1: {each.spot} does not balance: {each}"
        if each.reserved < 0:
            yield f"I1: {each.spot} has less than nothing reserved"
        if each.available < 0 and not each.oversold_by_force:
            yield f"I1: {each.spot} is oversold by {-each.available}"


def i2_what_is_reserved_is_ordered(buckets: Iterable[Bucket], orders: Iterable[Order]) -> Findings:
    wanted: Counter[Spot] = Counter()
    for order in orders:
        for line in order.lines:
            for spot, quantity in line.held:
                wanted[spot] += quantity
    reserved = Counter({each.spot: each.reserved for each in buckets})
    for spot in wanted.keys() | reserved.keys():
        if wanted[spot] != reserved[spot]:
            yield f"I2: {spot} has {reserved[spot]} reserved, and {wanted[spot]} are held by orders"


def i3_only_open_holds_fall_due(orders: Iterable[Order]) -> Findings:
    for each in orders:
        if each.due != (each.status in HELD_UNTIL):
            yield f"I3: order {each.id} is {each.status} and {'falls' if each.due else 'never falls'} due"


def i4_histograms_count(orders: Iterable[Order]) -> Findings:
    for each in orders:
        counted = Counter(line.state for line in each.lines)
        shown = {state: number for state, number in each.histogram.items() if number}
        if shown != counted:
            yield f"I4: order {each.id} counts {shown}, its lines are {dict(counted)}"


def i5_sums_are_sums(orders: Iterable[Order]) -> Findings:
    for each in orders:
        for name in ("subtotal", "discount", "tax"):
            of_lines = sum(getattr(line, name) for line in each.lines)
            if of_lines != getattr(each, name):
                yield f"I5: order {each.id} has {name} {getattr(each, name)}, its lines {of_lines}"
        if each.subtotal - each.discount + each.tax + each.shipping != each.total:
            yield f"I5: order {each.id} does not add up to {each.total}"
        if not 0 <= each.refunded <= each.captured:
            yield f"I5: order {each.id} gave {each.refunded} back of {each.captured}"
        for line in each.lines:
            if line.refunded > line.subtotal - line.discount + line.tax:
                yield f"I5: a line of order {each.id} gave back more than it cost"


def i5_refunds_are_what_went_back(orders: Iterable[Order]) -> Findings:
    for each in orders:
        if sum(each.refunds) != each.refunded:
            yield f"I5: order {each.id} gave {each.refunded} back, its refunds are {each.refunds}"
        of_lines = sum(line.refunded for line in each.lines) + each.shipping_refunded + each.by_hand
        if of_lines not in {each.refunded, 0}:  # late money goes back without any line
            yield f"I5: order {each.id} gave {each.refunded} back, {of_lines} of it of its lines and shipping"


def i6_budgets_are_what_orders_use(budgets: Iterable[Budget], orders: Iterable[Order]) -> Findings:
    used = Counter(each for order in orders for each in order.budgets)
    for each in budgets:
        if each.limit - each.remaining != used[each.promotion_id]:
            yield f"I6: {each.promotion_id} has {each.remaining} of {each.limit} left, {used} use it"
        if each.remaining < 0:
            yield f"I6: {each.promotion_id} was spent beyond its limit"


def i6_customers_use_what_they_ordered(
    used: Mapping[tuple[str, str], int], orders: Iterable[Order]
) -> Findings:
    """`used`: by promotion and customer."""
    counted = Counter((each, order.customer) for order in orders for each in order.budgets)
    for key in used.keys() | counted.keys():
        if used.get(key, 0) != counted[key]:
            yield f"I6: {key} counts {used.get(key, 0)} uses, {counted[key]} orders have it"


def i7_one_order_for_each(what: str, owners: Iterable[tuple[str, str]]) -> Findings:
    """Of pairs: an idempotency key or an intent, and an order."""
    found: dict[str, str] = {}
    for key, order_id in owners:
        if found.setdefault(key, order_id) != order_id:
            yield f"I7: {what} {key} has two orders, {found[key]} and {order_id}"


def i8_members_are_counted(tallies: Mapping[str, int], active: Iterable[str]) -> Findings:
    """`active`: the community of each active membership."""
    counted = Counter(active)
    for community in tallies.keys() | counted.keys():
        if tallies.get(community, 0) != counted[community]:
            yield f"I8: {community} counts {tallies.get(community, 0)} members, {counted[community]} are active"


def i9_revenue_is_attributed_once(days: Iterable[Revenue]) -> Findings:
    for each in days:
        sums = {"communities": sum(each.by_community.values()), "promotions": sum(each.by_promotion.values())}
        for name, total in sums.items():
            if total != each.net:
                yield f"I9: on {each.day} {name} have {total} of {each.net}"


def i10_events_are_contiguous(versions: Mapping[str, Iterable[int]]) -> Findings:
    """`versions`: of the events of each stream."""
    for stream, found in versions.items():
        ordered = sorted(found)
        if ordered != list(range(1, len(ordered) + 1)):
            yield f"I10: {stream} has the versions {ordered}"


def i12_first_is_first(histories: Mapping[str, Iterable[str | None]]) -> Findings:
    """`histories`: what `first_activated_at` was after each event of a promotion."""
    for promotion, values in histories.items():
        later = list(values)
        if len({each for each in later if each}) > 1:
            yield f"I12: {promotion} was first activated twice"
        if any(was and not now for was, now in pairwise(later)):
            yield f"I12: {promotion} forgot when it was first activated"


def i13_nobody_holds_what_is_another_s(texts: Iterable[tuple[str, str]], tenants: set[str]) -> Findings:
    """`texts`: the tenant of each item, and all that stands in it."""
    for owner, text in texts:
        for other in tenants - {owner}:
            if other in text:
                yield f"I13: an item of {owner} names {other}"


def i14_ledgers_balance(accounts: Iterable[Account]) -> Findings:
    for each in accounts:
        if each.earnings - each.commission - each.reversals - each.payouts != each.balance:
            yield f"I14: {each.supplier_id} has a balance of {each.balance}: {each}"


def i14_ledgers_are_what_was_sold_and_sent(accounts: Iterable[Account]) -> Findings:
    for each in accounts:
        if each.earnings - each.commission - each.reversals != each.sold:
            yield f"I14: {each.supplier_id} sold {each.sold} in all, its ledger says {each}"
        if each.payouts != each.sent:
            yield f"I14: {each.supplier_id} was sent {each.sent} in all, its ledger says {each}"
