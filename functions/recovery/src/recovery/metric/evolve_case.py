"""The figures of one case, all that metrics are computed from: what its events say, folded in their order."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

type Outcome = Literal["pending", "recovered", "failed", "abandoned"]
type Contact = Mapping[str, str]  # of steps, by id: the furthest status that each came to

FORWARD = ("sent", "opened", "clicked", "converted")
ENDS: Mapping[str, Outcome] = {"recovered": "recovered", "failed": "failed", "abandoned": "abandoned"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFigures:
    """Amounts are in minor units of `currency`.

    `amount_due_cents` is what remained at the first failure, for ever; `paid_cents` is all that was paid
    since, whether the case was still open then or not.
    """

    id: str
    workspace_id: str
    currency: str
    amount_due_cents: int
    amount_remaining_cents: int
    started_at: datetime
    status: Outcome = "pending"
    end_reason: str | None = None
    ended_at: datetime | None = None
    paid_cents: int = 0
    reversed_cents: int = 0
    attribution: str | None = None
    first_sent_at: datetime | None = None
    executed: int = 0  # charges that reached the network
    wasted: int = 0  # of them, those of a card that was not to be charged again
    spent_card: bool = False  # the card's last decline was a hard one
    steps: Contact = field(default_factory=dict[str, str])
    assisted: bool = False  # a step was clicked before it was paid


def started(case_id: str, data: Mapping[str, Any]) -> CaseFigures:
    return CaseFigures(
        id=case_id,
        workspace_id=data["workspace_id"],
        currency=data["currency"],
        amount_due_cents=data["amount_due_cents"],
        amount_remaining_cents=data["amount_due_cents"],
        started_at=datetime.fromisoformat(data["started_at"]),
    )


def told(case: CaseFigures, event: str, data: Mapping[str, Any]) -> CaseFigures:
    """The figures after an event of the case, by its action; what says nothing of figures changes nothing."""
    match event:
        case "payment_attempted":
            return _attempted(case, data)
        case "step_sent" | "step_opened" | "step_clicked" | "step_converted":
            return _stepped(case, event.removeprefix("step_"), data)
        case "recovered" | "failed" | "abandoned":
            return _ended(case, event, data)
        case _:
            return replace(case, **_changed(case, event, data))


def _changed(case: CaseFigures, event: str, data: Mapping[str, Any]) -> dict[str, Any]:
    match event:
        case "payment_method_changed" if not data.get("same_card"):
            return {"spent_card": False}
        case "amount_changed":
            paid = max(case.paid_cents, data["paid_cents"])
            return {"amount_remaining_cents": data["amount_remaining_cents"], "paid_cents": paid}
        case "payment_recorded":
            return {"paid_cents": max(case.paid_cents, data["amount_cents"])}
        case "reversed":
            return {"reversed_cents": max(case.reversed_cents, data["reversed_amount_cents"])}
        case _:
            return {}


def _attempted(case: CaseFigures, data: Mapping[str, Any]) -> CaseFigures:
    if not data["charge"]["executed"]:
        return case
    classified = data.get("classification")
    hard = classified is not None and classified["decline_type"] == "hard"
    wasted = case.wasted + (1 if case.spent_card and data["charge"]["initiator"] != "customer" else 0)
    return replace(case, executed=case.executed + 1, wasted=wasted, spent_card=hard)


def _stepped(case: CaseFigures, status: str, data: Mapping[str, Any]) -> CaseFigures:
    step_id = data["step_id"]
    came = case.steps.get(step_id)
    if came is None or FORWARD.index(status) > FORWARD.index(came):
        case = replace(case, steps={**case.steps, step_id: status})
    if status == "sent" and case.first_sent_at is None:
        return replace(case, first_sent_at=datetime.fromisoformat(data["sent_at"]))
    return replace(case, assisted=case.assisted or status == "clicked")


def _ended(case: CaseFigures, event: str, data: Mapping[str, Any]) -> CaseFigures:
    ended = replace(
        case,
        status=ENDS[event],
        ended_at=datetime.fromisoformat(data[f"{event}_at"]),
        end_reason=data["reason"],
    )
    if event != "recovered":
        return ended
    paid = max(case.paid_cents, data["recovered_amount_cents"])
    return replace(ended, paid_cents=paid, attribution=data["attribution"], amount_remaining_cents=0)
