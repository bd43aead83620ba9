"""The approval flow of promotions as the tests run it: its definition, the real functions, and the bus in between."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from commerce import inbound
from commerce.promotion import flow, transactions
from commerce.promotion.decider import PROMOTION
from commerce.promotion.flow import await_decision, next_approval_step
from commerce.promotion.flow import sweep_promotions as flow_sweep
from commerce.promotion.routes import decide_promotion, remind_approvers
from commerce.promotion.state import DUE
from support.dynamodb import stored_events
from support.identity.sign_in import Clock
from support.spec import LAMBDA, TENANT
from support.step_functions import Engine, Execution
from support.stream_events import batch, failed
from troupe.aws.clients import scheduler
from troupe.store import keys, reads, writes
from troupe.store.commit import commit
from troupe.store.transact import load

APRIL = "2026-04-01T00:00:00Z"
DEFINITION = Path(flow.__file__).parent / "approval.asl.yaml"
FUNCTIONS: dict[str, Callable[[dict[str, Any], Any], Any]] = {
    "NextApprovalStep": next_approval_step.handler,
    "AwaitDecision": await_decision.handler,
    "RemindApprovers": remind_approvers,
    "DecidePromotion": decide_promotion,
}
GROUP = "troupe-promotions"
ENVIRONMENT = {
    "APPROVAL_FLOW_ARN": "arn:aws:states:eu-west-1:123456789012:stateMachine:troupe-promotionapproval",
    "PROMOTION_TIMERS": GROUP,
    "PROMOTION_TIMERS_ROLE_ARN": "arn:aws:iam::123456789012:role/timers",
    "START_PROMOTION_ARN": "arn:aws:lambda:eu-west-1:123456789012:function:start-promotion",
    "END_PROMOTION_ARN": "arn:aws:lambda:eu-west-1:123456789012:function:end-promotion",
    "DEAD_JOBS_ARN": "arn:aws:sqs:eu-west-1:123456789012:dead-jobs",
}


@dataclass
class Approving:
    engine: Engine
    clock: Clock
    told: set[str] = field(default_factory=set)

    def hears(self, *kinds: str, again: bool = False) -> None:
        """What happened since reaches the context; `again`: all of it, once more."""
        news = [each for each in stored_events(*kinds) if again or each.id not in self.told]
        self.told |= {each.id for each in news}
        for begin in range(0, len(news), 10):
            assert failed(inbound.handler(batch(*news[begin : begin + 10]), None)) == []

    def settle(self) -> None:
        """Until nothing more happens without time passing."""
        for _ in range(10):
            self.hears()
            self.engine.go_on()
            if all(each.id in self.told for each in stored_events()):
                return
        raise AssertionError("the flow runs in circles")

    def until(self, instant: datetime) -> None:
        """Let time pass, waking at every wait on the way."""
        self.settle()
        while self.clock.instant < instant:
            wakes = [each.wakes_at for each in self.engine.executions.values() if each.status == "RUNNING"]
            self.clock.instant = min([*wakes, instant])
            self.settle()

    def passes(self, **by: float) -> None:
        self.until(self.clock.instant + timedelta(**by))

    def execution(self, path: dict[str, str]) -> Execution:
        """The only one of a promotion."""
        start = path["promotion_id"].replace("-", "")
        (found,) = [each for name, each in self.engine.executions.items() if name.startswith(start)]
        return found


def sweep() -> dict[str, int]:
    """A sweep that comes days after the last one, as if there had been one every minute."""
    upto = flow_sweep.now() - timedelta(minutes=5)
    commit([writes.put(keys.swept(DUE), {"upto": int(upto.timestamp())})])
    return flow_sweep.handler({}, LAMBDA)


def approving(clock: Clock, patch: pytest.MonkeyPatch) -> Approving:
    """The flow's machine, the timers' group, and where the context finds them."""
    for name, value in ENVIRONMENT.items():
        patch.setenv(name, value)
    patch.setattr("commerce.promotion.timers.now", clock)
    scheduler().create_schedule_group(Name=GROUP)
    engine = Engine.of(DEFINITION, FUNCTIONS, clock)
    engine.install()
    return Approving(engine, clock)


def state(path):
    return load(TENANT, PROMOTION, path["promotion_id"]).state


def approval(path, target):
    return reads.one(transactions.approval(TENANT, path["promotion_id"], target))


def reminders():
    return [
        (each.data["number"], each.data["targets"]) for each in stored_events("promotion.approvers_reminded")
    ]
