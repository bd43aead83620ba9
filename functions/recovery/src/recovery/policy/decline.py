"""What a declined charge means: may the same card be tried again, when, and what the customer may be told.

Precedence: "never", then what Stripe blocked, then what needs the customer or a person, then what is soft;
within each, what says more. The longest minimum wait counts whichever rule decides, and no reason is told
that any rule keeps back.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import NamedTuple

from recovery.policy.network_rules import GENERIC_TEXT, NETWORK_RULES, Action, DeclineType, Ladder, Rule

REVALIDATED = (
    NETWORK_RULES.regions["europe"] | NETWORK_RULES.regions["cemea"]
)  # where Visa has 70 and 1A in category 3
MASTERCARD = frozenset({"mastercard", "maestro"})
UNKNOWN_BRANDS = frozenset({"", "unknown"})
KEPT_BACK = frozenset({"blocked", "invalid"})  # outcomes of charges that the network never saw


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """Everything that Stripe and the network say of a declined charge; a reason may be in any of it.

    `code` is the error's, `region` the customer's country (ISO 3166, two letters).
    """

    code: str | None = None
    decline_code: str | None = None
    advice_code: str | None = None
    network_decline_code: str | None = None
    network_advice_code: str | None = None
    outcome_type: str | None = None
    outcome_reason: str | None = None
    brand: str | None = None
    region: str | None = None
    payment_method_type: str | None = None
    network_status: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Something that was considered, and what came of it."""

    considered: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """Hard: an unattended retry of the same card must not, or cannot, succeed.

    `first_retry_minutes` is None where nothing is retried; a minimum wait only ever lengthens. `text` is a
    key of `customer_text`. `unmapped`: the book has no rule for its code. `rule` decided, by `edition`.
    """

    decline_type: DeclineType
    action: Action
    schedule: Ladder | None
    first_retry_minutes: int | None
    minimum_wait_minutes: int
    text: str
    disclose: bool
    reached_network: bool
    never: bool
    cancel_intent: bool
    stripe_blocks_retry: bool
    unmapped: bool
    rule: str
    edition: str
    at_most: int | None = None  # after that many retries a person has to look
    reasons: tuple[Reason, ...] = ()

    @property
    def retryable(self) -> bool:
        return self.first_retry_minutes is not None


class _Finding(NamedTuple):
    rule: Rule
    blocks: bool = False  # it says why Stripe kept the charge from the network

    @property
    def weight(self) -> tuple[int, bool]:
        """The least decides; of equals the one that was found first."""
        rank = 0 if self.rule.never else 1 if self.blocks else 2 if self.rule.type == "hard" else 3
        return rank, self.rule.generic


def classify(decline: Decline, overrides: Collection[str] = ()) -> Classification:
    """Total: any text in any field has an answer. `overrides` are codes of Stripe's that are hard here."""
    code = _clean(decline.decline_code) or _clean(decline.code)
    found = _excused(tuple(_found(decline)))
    mapped = code in NETWORK_RULES.tables["stripe"] if code else bool(found)
    findings = found or (_Finding(NETWORK_RULES.tables["default"]["unknown"]),)
    decides = min(findings, key=attrgetter("weight")).rule
    classified = _combined([finding.rule for finding in findings], decides)
    classified = replace(
        classified,
        reached_network=_reached_network(decline),
        unmapped=not mapped or decides.name == "default.blocked",
        reasons=classified.reasons if mapped else (*classified.reasons, _unmapped(code)),
    )
    return _hardened(classified, code) if code in overrides else classified


def _unmapped(code: str) -> Reason:
    return Reason(considered=f"stripe.{code}" if code else "no code", outcome="unmapped")


def customer_text(key: str) -> str:
    """The sentence in English that a classification's `text` stands for."""
    return NETWORK_RULES.texts[key]


def _clean(code: str | None) -> str:
    return (code or "").strip().lower()


def _found(decline: Decline) -> Iterator[_Finding]:
    """The rules of all its codes, those that say most first."""
    blocked = _clean(decline.outcome_type) == "blocked"
    reason = _clean(decline.outcome_reason)
    stripe = (_clean(decline.decline_code), _clean(decline.code), reason)
    for rule in (NETWORK_RULES.rule("stripe", code) for code in dict.fromkeys(stripe)):
        if rule:
            yield _Finding(rule)
    yield from map(_Finding, _network(decline))
    if advised := NETWORK_RULES.rule("advice", _clean(decline.advice_code)):
        yield _Finding(advised)
    if known := NETWORK_RULES.rule("outcome", reason):
        yield _Finding(known, blocked)
    elif blocked:
        yield _Finding(NETWORK_RULES.tables["default"]["blocked"], blocks=True)


def _network(decline: Decline) -> Iterator[Rule]:
    """The networks' rules; of a card whose network is not known, those of each."""
    brand = _clean(decline.brand)
    unknown = brand in UNKNOWN_BRANDS
    code = _clean(decline.network_decline_code).upper()
    advice = _clean(decline.network_advice_code)
    tables = [
        _visa(code, _clean(decline.region).upper()) if code and (unknown or brand == "visa") else None,
        NETWORK_RULES.rule("mastercard", code) if unknown or brand in MASTERCARD else None,
        NETWORK_RULES.rule("iso", code) if brand != "visa" else None,
        NETWORK_RULES.rule("mac", advice) if unknown or brand in MASTERCARD else None,
    ]
    yield from (rule for rule in tables if rule)


def _visa(code: str, country: str) -> Rule:
    """Category 3 in some regions, where nothing may be tried again unchanged; so too where none is known."""
    revalidated = (
        NETWORK_RULES.rule("visa_revalidate", code) if not country or country in REVALIDATED else None
    )
    return revalidated or NETWORK_RULES.rule("visa", code) or NETWORK_RULES.tables["visa"]["other"]


def _excused(found: Sequence[_Finding]) -> tuple[_Finding, ...]:
    """Without advice that only says once more what a block says."""
    subsumed = any(finding.blocks and finding.rule.subsumes_advice for finding in found)
    return tuple(each for each in found if not (subsumed and each.rule.name.startswith("advice.")))


def _combined(rules: Sequence[Rule], decides: Rule) -> Classification:
    disclose = all(rule.disclose for rule in rules)
    return Classification(
        decline_type=decides.type,
        action=decides.action,
        schedule=decides.schedule,
        first_retry_minutes=decides.first_retry_minutes,
        minimum_wait_minutes=max(rule.minimum_wait_minutes for rule in rules),
        text=decides.text if disclose else GENERIC_TEXT,
        disclose=disclose,
        reached_network=True,
        never=decides.never,
        cancel_intent=any(rule.cancel_intent for rule in rules),
        stripe_blocks_retry=any(rule.stripe_blocks_retry for rule in rules),
        unmapped=False,
        rule=decides.name,
        edition=NETWORK_RULES.edition,
        at_most=decides.at_most,
        reasons=tuple(Reason(considered=rule.name, outcome=_part(rule, decides)) for rule in rules),
    )


def _part(rule: Rule, decides: Rule) -> str:
    if rule is decides:
        return "decides"
    return f"waits {rule.minimum_wait_minutes} minutes" if rule.minimum_wait_minutes else "outranked"


def _reached_network(decline: Decline) -> bool:
    """Whether the card's network saw the charge, so that its ceilings count it; in doubt it did."""
    if status := _clean(decline.network_status):
        return status != "not_sent_to_network"
    return _clean(decline.outcome_type) not in KEPT_BACK


def _hardened(classified: Classification, code: str) -> Classification:
    """As the tenant has it: hard, where the book says soft."""
    if classified.decline_type == "hard":
        return classified
    overridden = Reason(considered=f"override.{code}", outcome="decides")
    return replace(
        classified,
        decline_type="hard",
        action="update_card",
        schedule=None,
        first_retry_minutes=None,
        at_most=None,
        rule=f"override.{code}",
        reasons=(*classified.reasons, overridden),
    )
