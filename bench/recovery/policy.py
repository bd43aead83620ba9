"""What recovery decides by: classifications, ceilings and retry decisions a second, in process."""

import timeit
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bench.report import Section
from local.stack.stack import Stack

ROUNDS = 5
FAILED = datetime(2026, 10, 1, 10, tzinfo=UTC)


def measured(_: Stack) -> Section:
    rows = [(name, *_speed(act)) for name, act in _decisions().items()]
    said = (
        f"Each decision by itself, the best of {ROUNDS} rounds. A retry decision classifies nothing, but "
        "asks the ceilings of the card's history, finds the hour in the customer's zone, and takes the "
        "digest of everything that it rests on."
    )
    columns = ("decision", "a second", "µs each")
    return Section(title="Recovery: decisions", said=said, columns=columns, rows=rows)


def _speed(act: Callable[[], object]) -> tuple[int, float]:
    """Calls a second, and microseconds each."""
    timer = timeit.Timer(act)
    number, _ = timer.autorange()
    seconds = min(timer.repeat(ROUNDS, number)) / number
    return int(1 / seconds), seconds * 1e6


def _decisions() -> dict[str, Callable[[], object]]:
    from recovery.policy.ceilings import CardCharge, Intended, next_allowed  # noqa: PLC0415 -- when it is measured
    from recovery.policy.decision import RetryInputs, decide_retry, replay  # noqa: PLC0415
    from recovery.policy.decline import Decline, classify  # noqa: PLC0415
    from recovery.policy.quiet_hours import SendingLimits, next_sendable  # noqa: PLC0415

    plain = Decline(code="card_declined", decline_code="insufficient_funds", brand="visa")
    full = replace(
        plain,
        advice_code="try_again_later",
        network_decline_code="51",
        outcome_type="issuer_declined",
        outcome_reason="insufficient_funds",
        region="DE",
    )
    intended = Intended(account="acct_1", amount_cents=2900, currency="eur", brand="visa")
    history = tuple(
        CardCharge(
            charge_id=f"ch_{number}",
            at=FAILED - timedelta(days=number),
            account="acct_1",
            amount_cents=2900,
            currency="eur",
            approved=number % 9 == 0,
        )
        for number in range(30)
    )
    first = RetryInputs(
        attempt_id="0199a7f0-0000-7000-8000-000000000000",
        number=1,
        retries=0,
        now=FAILED,
        started_at=FAILED,
        failed_at=FAILED,
        window_ends_at=FAILED + timedelta(days=28),
        classification=classify(full),
        intended=intended,
        zone="America/New_York",
        zone_reason="customer",
    )
    tried = replace(first, history=history)
    made = decide_retry(tried)
    return {
        "classify: two codes": lambda: classify(plain),
        "classify: all that Stripe says": lambda: classify(full),
        "ceilings: a card with 30 charges": lambda: next_allowed(history, intended, FAILED),
        "retry: a new card, the next payday": lambda: decide_retry(first),
        "retry: a card with 30 charges": lambda: decide_retry(tried),
        "replay of a stored decision": lambda: replay(made),
        "mail: quiet hours and cap": lambda: next_sendable(
            FAILED, "America/New_York", (FAILED,), SendingLimits()
        ),
    }
