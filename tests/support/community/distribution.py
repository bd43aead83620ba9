"""Global distribution, for its tests: the author, the administrators, and the flow that waits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from community.distribution import flow
from community.distribution.flow import await_distribution, next_distribution_step
from community.distribution.handlers import reject_global_distribution as rejecting
from community.distribution.handlers import remind_administrators
from support.community.feeds import deliver, feed, ids
from support.community.tenant import Call, ask
from support.dynamodb import stored_events
from support.identity.sign_in import Clock
from support.principals import acting
from support.step_functions import Engine
from troupe.ids import new_id

PLACE = "/posts/{post_id}/global-distribution"
request_global_distribution = Call("request_global_distribution", f"POST {PLACE}")
approve_global_distribution = Call("approve_global_distribution", f"POST {PLACE}/approve")
reject_global_distribution = Call(
    "reject_global_distribution", f"POST {PLACE}/reject", {"reason": "An advert."}
)
QUEUE = "/global-distribution"
DEFINITION = Path(flow.__file__).parent / "distribution.asl.yaml"
FUNCTIONS: dict[str, Callable[[dict[str, Any], Any], Any]] = {
    "NextDistributionStep": next_distribution_step.handler,
    "AwaitDistribution": await_distribution.handler,
    "RemindAdministrators": remind_administrators.handler,
    "RejectGlobalDistribution": rejecting.handler,
}
FLOW_ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:troupe-globaldistribution"


@dataclass
class Distribution:
    """The administrators' side: the flow's machine, and what the context has heard."""

    engine: Engine
    clock: Clock
    admin: str
    told: set[str] = field(default_factory=set)

    def settle(self) -> None:
        """Until nothing more happens without time passing."""
        for _ in range(10):
            news = [event for event in stored_events() if event.id not in self.told]
            self.told |= {event.id for event in news}
            deliver(news)
            self.engine.go_on()
            if not news:
                return
        raise AssertionError("the flow runs in circles")

    def passes(self, **by_time: float) -> None:
        """Let time pass, waking at every wait on the way."""
        until = self.clock.instant + timedelta(**by_time)
        self.settle()
        while self.clock.instant < until:
            wakes = [each.wakes_at for each in self.engine.executions.values() if each.status == "RUNNING"]
            self.clock.instant = min([*wakes, until])
            self.settle()

    def approves(self, wall, **given):
        return approve_global_distribution(wall.path, **acting("admin", self.admin), **given)

    def turns_down(self, wall, **given):
        return reject_global_distribution(wall.path, **acting("admin", self.admin), **given)

    def queue(self, role="admin", **query):
        return ask(QUEUE, **acting(role, self.admin), query=query)

    @property
    def flow(self):
        (execution,) = self.engine.executions.values()
        return execution


def requests(wall):
    return wall(request_global_distribution)


def shown():
    return ids(feed(new_id()))
