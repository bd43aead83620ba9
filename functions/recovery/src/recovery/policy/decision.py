"""The decision whether and when a card is tried again, with everything that it rests on.

A stored decision carries its inputs, the classification and the ceilings' rules among them, so it can be
made once more by the current edition, and comes out the same.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, NamedTuple

from recovery.policy.ceilings import CEILINGS, CardCharge, Ceiling, Denied, Intended, next_allowed
from recovery.policy.circumstances import REPRESENTED_WITHIN, Circumstances, in_the_way
from recovery.policy.decline import Classification, Decline, Reason, classify
from recovery.policy.schedule import GiveUp, RetryPolicy, RetryState, at_once, next_retry

type Outcome = Literal["retry", "none", "give_up"]

SAME_CHANGE = timedelta(minutes=1)  # a second change of the card within it is the same one


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryInputs:
    """`classification` is of the latest decline, `history` of the card that would be charged now.

    `retries` are those that were executed, `number` is of the one that comes. `retried_at_once_at` is when a
    changed card was last tried at once. `not_before` is for what the plan knows, such as the end of a hold.
    """

    attempt_id: str
    number: int
    retries: int
    now: datetime
    started_at: datetime
    failed_at: datetime
    window_ends_at: datetime
    classification: Classification
    intended: Intended
    history: tuple[CardCharge, ...] = ()
    policy: RetryPolicy = RetryPolicy()  # noqa: RUF009 -- frozen
    ceilings: tuple[Ceiling, ...] = CEILINGS
    zone: str = "UTC"
    zone_reason: str = "workspace"
    circumstances: Circumstances = Circumstances()  # noqa: RUF009 -- frozen
    card_changed_at: datetime | None = None
    retried_at_once_at: datetime | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryDecision:
    """`none`: the card as it is will not be tried again. `give_up`: no card will. `rule` decided."""

    outcome: Outcome
    eligible_at: datetime | None
    rule: str
    edition: str
    reasons: tuple[Reason, ...]
    inputs_digest: str
    inputs: RetryInputs


class _Verdict(NamedTuple):
    outcome: Outcome
    rule: str
    edition: str
    at: datetime | None = None


ANOTHER_CARD = classify(Decline())  # of which no decline is known


def decide_retry(inputs: RetryInputs) -> RetryDecision:
    """Pure: the same inputs give the same decision, whenever it is made."""
    reasons = [Reason(considered=f"zone {inputs.zone}", outcome=inputs.zone_reason)]
    verdict = _verdict(inputs, reasons)
    return RetryDecision(
        outcome=verdict.outcome,
        eligible_at=verdict.at,
        rule=verdict.rule,
        edition=verdict.edition,
        reasons=tuple(reasons),
        inputs_digest=digest(inputs),
        inputs=inputs,
    )


def replay(decision: RetryDecision) -> RetryDecision:
    """The decision made again from what a stored one rests on; it equals the stored one."""
    return decide_retry(decision.inputs)


def digest(inputs: RetryInputs) -> str:
    """SHA-256 of the inputs as canonical JSON."""
    text = json.dumps(inputs, default=_plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case _:
            return {name: getattr(value, name) for name in value.__slots__}


def _verdict(inputs: RetryInputs, reasons: list[Reason]) -> _Verdict:
    changed, immediate = _changed(inputs, reasons)
    classified = ANOTHER_CARD if changed else inputs.classification
    if refused := _refused(inputs, classified, reasons):
        return refused
    denied = _denied(inputs, reasons)
    standing = _standing(inputs, denied)
    tried = at_once(standing, inputs.policy) if immediate else next_retry(classified, standing, inputs.policy)
    if isinstance(tried, GiveUp):
        reasons.append(Reason(considered="limits", outcome=tried.reason))
        return _Verdict("give_up", tried.reason, classified.edition)
    reasons += tried.reasons
    if denied and tried.held_back and denied.not_before == standing.not_before:
        return _Verdict("retry", denied.rule, denied.edition, tried.at)
    rule = "card_changed" if immediate else classified.rule
    return _Verdict("retry", rule, classified.edition, tried.at)


def _denied(inputs: RetryInputs, reasons: list[Reason]) -> Denied | None:
    answer = next_allowed(inputs.history, inputs.intended, inputs.now, inputs.ceilings)
    if isinstance(answer, Denied):
        outcome = f"not before {answer.not_before.astimezone(UTC).isoformat()}"
        reasons.append(Reason(considered=answer.rule, outcome=outcome))
        return answer
    reasons += [Reason(considered=asked, outcome="allows it") for asked in answer.rules]
    return None


def _changed(inputs: RetryInputs, reasons: list[Reason]) -> tuple[bool, bool]:
    """Whether the card is another than the one that was declined, and whether it is tried at once."""
    changed_at = inputs.card_changed_at
    if changed_at is None or changed_at <= inputs.failed_at:
        return False, False
    tried_at = inputs.retried_at_once_at
    immediate = tried_at is None or changed_at >= tried_at + SAME_CHANGE
    outcome = "tried at once, as a retry that counts" if immediate else "tried at once within the minute"
    reasons.append(Reason(considered="changed card", outcome=outcome))
    return True, immediate


def _refused(inputs: RetryInputs, classified: Classification, reasons: list[Reason]) -> _Verdict | None:
    """What forbids any retry of this card, now or later; first what forbids that of any."""
    if inputs.retries >= inputs.policy.retry_limit:
        reasons.append(Reason(considered="limits", outcome=f"{inputs.retries} retries were made"))
        return _Verdict("give_up", "retry_limit", classified.edition)
    if obstacles := in_the_way(inputs.circumstances, classified, inputs.retries):
        reasons += [Reason(considered=each, outcome="no retry") for each in obstacles]
        return _Verdict("none", obstacles[0], classified.edition)
    reasons += classified.reasons
    nevers = sorted({each.never_rule for each in inputs.history if each.never_rule})
    if nevers:
        reasons += [Reason(considered=rule, outcome="never, in the card's history") for rule in nevers]
        return _Verdict("none", nevers[0], classified.edition)
    if classified.never or not classified.retryable:
        return _Verdict("none", classified.rule, classified.edition)
    if classified.at_most is not None and inputs.retries >= classified.at_most:
        reasons.append(Reason(considered=classified.rule, outcome="a person has to look"))
        return _Verdict("none", classified.rule, classified.edition)
    return None


def _standing(inputs: RetryInputs, denied: Denied | None) -> RetryState:
    bounds = [each for each in (inputs.not_before, denied.not_before if denied else None) if each]
    ends_at = inputs.window_ends_at
    if inputs.circumstances.bank_debit:
        ends_at = min(ends_at, inputs.started_at + REPRESENTED_WITHIN)
    return RetryState(
        attempt_id=inputs.attempt_id,
        number=inputs.number,
        retries=inputs.retries,
        failed_at=inputs.failed_at,
        window_ends_at=ends_at,
        now=inputs.now,
        zone=inputs.zone,
        not_before=max(bounds, default=None),
    )
