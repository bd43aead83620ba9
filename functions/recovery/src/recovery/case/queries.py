"""What may be asked about recovery attempts, what is due, their outcomes, and subscriptions at risk."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Literal

from recovery.attempt import outcome as attempt_outcome
from recovery.attempt.decider import RECOVERY_ATTEMPT, collection
from recovery.attempt.next_action import upcoming
from recovery.attempt.outcome import RECOVERY_OUTCOME
from recovery.attempt.state import Attempt, RecoveryStatus
from recovery.case import projection
from recovery.case.responses import AtRiskView, AttemptRow, AttemptView, DueRow, OutcomeView, TimelineEntry
from recovery.query_routes import ROUTES, listing_of_workspace, of_workspace
from recovery.risk import decider
from recovery.risk.decider import SUBSCRIPTION_AT_RISK
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.queries import Paging, found, listed, one, page_of
from troupe.edge.request import Request
from troupe.projection import generations
from troupe.store import keys
from troupe.store.aggregates import Ref, Stored
from troupe.store.scope import Answer
from troupe.store.transact import Unknown


class Attempts(Paging, frozen=True):
    """Those of one status, the latest first."""

    status: RecoveryStatus = "pending"


class AtRisk(Paging, frozen=True):
    """Those that are at risk now, or those that were."""

    status: Literal["open", "resolved"] = "open"


@ROUTES.get(
    "/workspaces/{workspace_id}/recovery-attempts",
    permission="recovery_attempt:read",
    reply=page_of(AttemptRow),
    parameters=Attempts,
)
def recovery_attempts(request: Request[NoBody]) -> Answer:
    name = collection(request.id("workspace_id"), request.parameters.status)
    return listing_of_workspace(request, name, AttemptRow)


@ROUTES.get("/recovery-attempts/{recovery_attempt_id}", permission="recovery_attempt:read", reply=AttemptView)
def recovery_attempt(request: Request[NoBody]) -> Answer:
    """With its steps, its charges, and what is to be done next."""
    stored = one(request, Ref(decider=RECOVERY_ATTEMPT, id=request.id("recovery_attempt_id")))
    return found(_shown(stored), stored.version)


def _shown(stored: Stored[Any]) -> AttemptView:
    attempt = stored.state
    if not isinstance(attempt, Attempt):
        raise Unknown(stored.id)
    planned = upcoming(attempt)
    more = {
        "id": stored.id,
        "decline_type": attempt.decline_type,
        "retries_executed": attempt.retries_executed,
        "next_action": planned and projection.next_up(*planned),
        "window_ends_at": attempt.terms.window_ends_at,
        "timezone": attempt.terms.zone,
        "charges": [{**asdict(each), "currency": attempt.currency} for each in attempt.charges],
    }
    return AttemptView.model_validate({**asdict(attempt), **more})


@ROUTES.get(
    "/recovery-attempts/{recovery_attempt_id}/timeline",
    permission="recovery_attempt:read",
    reply=page_of(TimelineEntry),
    parameters=Paging,
)
def timeline(request: Request[NoBody]) -> Answer:
    """All that happened to it and why, the latest first."""
    attempt_id, tenant_id = request.id("recovery_attempt_id"), request.tenant_id
    pk = keys.aggregate(tenant_id, RECOVERY_ATTEMPT.name, attempt_id)
    answer = listed(List(tenant_id=tenant_id, pk=pk, prefix=keys.EVENT), request, _entry)
    if not answer.body["items"]:
        raise Unknown(attempt_id)
    return answer


def _entry(item: Mapping[str, Any]) -> dict[str, Any]:
    data = json.loads(item["data"])
    decided: dict[str, Any] = data.get("decision") or data.get("classification") or {}
    considered = tuple(f"{each['considered']}: {each['outcome']}" for each in decided.get("reasons", ()))
    entry = TimelineEntry(
        version=item["version"],
        type=item["type"],
        occurred_at=item["occurred_at"],
        actor=item["actor"],
        reason=data.get("reason") or decided.get("rule"),
        considered=considered,
        data=data,
    )
    return entry.model_dump(mode="json")


@ROUTES.get(
    "/workspaces/{workspace_id}/due",
    permission="recovery_attempt:read",
    reply=page_of(DueRow),
    parameters=Paging,
)
def due(request: Request[NoBody]) -> Answer:
    """What is to be done next for each pending attempt, the soonest first."""
    pk = generations.partition(request.tenant_id, projection.NAME, request.id("workspace_id"))
    rows = List(tenant_id=request.tenant_id, pk=pk, index="GSI1", ascending=True)

    def shown(item: Mapping[str, Any]) -> dict[str, Any]:
        summary = item["summary"]
        return DueRow(recovery_attempt_id=summary["id"], **summary).model_dump(mode="json")

    return of_workspace(request, listed(rows, request, shown))


@ROUTES.get(
    "/recovery-attempts/{recovery_attempt_id}/outcome",
    permission="recovery_attempt:read",
    reply=OutcomeView,
)
def outcome(request: Request[NoBody]) -> Answer:
    """How it ended; there is none while it is pending."""
    stored = one(request, Ref(decider=RECOVERY_OUTCOME, id=request.id("recovery_attempt_id")))
    return found(OutcomeView.model_validate({**asdict(stored.state), "id": stored.id}), stored.version)


@ROUTES.get(
    "/workspaces/{workspace_id}/recovery-outcomes",
    permission="recovery_attempt:read",
    reply=page_of(OutcomeView),
    parameters=Paging,
)
def recovery_outcomes(request: Request[NoBody]) -> Answer:
    name = attempt_outcome.collection(request.id("workspace_id"))
    return listing_of_workspace(request, name, OutcomeView)


@ROUTES.get(
    "/workspaces/{workspace_id}/subscriptions-at-risk",
    permission="subscription_at_risk:read",
    reply=page_of(AtRiskView),
    parameters=AtRisk,
)
def subscriptions_at_risk(request: Request[NoBody]) -> Answer:
    workspace_id, wanted = request.id("workspace_id"), request.parameters.status
    name = decider.collection if wanted == "open" else decider.resolved
    return listing_of_workspace(request, name(workspace_id), AtRiskView)


@ROUTES.get(
    "/subscriptions-at-risk/{subscription_at_risk_id}",
    permission="subscription_at_risk:read",
    reply=AtRiskView,
)
def at_risk(request: Request[NoBody]) -> Answer:
    stored = one(request, Ref(decider=SUBSCRIPTION_AT_RISK, id=request.id("subscription_at_risk_id")))
    return found(AtRiskView.model_validate({**asdict(stored.state), "id": stored.id}), stored.version)
