"""What may be asked about workspaces, their Stripe accounts and their dunning sequences."""

import re
from dataclasses import asdict
from typing import Any

from recovery.query_routes import ROUTES, listing_of_workspace
from recovery.sequence import transactions
from recovery.sequence.events import Edition
from recovery.setup.responses import (
    ConnectUrl,
    EditionView,
    SequenceRow,
    SequenceView,
    StripeAccountView,
    WorkspaceRow,
    WorkspaceView,
)
from recovery.stripe_account import authorization
from recovery.workspace.decider import WORKSPACE
from troupe.edge.endpoint import NoBody
from troupe.edge.queries import Paging, found, listing, one, page_of
from troupe.edge.request import Request
from troupe.store import reads
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import Unknown

_EDITION = re.compile(r"[1-9][0-9]{0,5}")


@ROUTES.get("/workspaces", permission="workspace:read", reply=page_of(WorkspaceRow), parameters=Paging)
def workspaces(request: Request[NoBody]) -> Answer:
    return listing(request, "WORKSPACES", WorkspaceRow)


@ROUTES.get("/workspaces/{workspace_id}", permission="workspace:read", reply=WorkspaceView)
def workspace(request: Request[NoBody]) -> Answer:
    stored = one(request, Ref(decider=WORKSPACE, id=request.id("workspace_id")))
    return found(WorkspaceView.model_validate({**asdict(stored.state), "id": stored.id}), stored.version)


@ROUTES.get(
    "/workspaces/{workspace_id}/stripe-accounts",
    permission="stripe_account:read",
    reply=page_of(StripeAccountView),
    parameters=Paging,
)
def stripe_accounts(request: Request[NoBody]) -> Answer:
    name = f"STRIPE_ACCOUNTS#{request.id('workspace_id')}"
    return listing_of_workspace(request, name, StripeAccountView)


@ROUTES.get(
    "/workspaces/{workspace_id}/stripe-connect-url", permission="stripe_account:connect", reply=ConnectUrl
)
def stripe_connect_url(request: Request[NoBody]) -> Answer:
    """For who may connect: the address is good in their hands alone."""
    workspace = one(request, Ref(decider=WORKSPACE, id=request.id("workspace_id")))
    return found(ConnectUrl(url=authorization.url(request.scope.context, workspace.id)))


@ROUTES.get(
    "/workspaces/{workspace_id}/dunning-sequences",
    permission="dunning_sequence:read",
    reply=page_of(SequenceRow),
    parameters=Paging,
)
def dunning_sequences(request: Request[NoBody]) -> Answer:
    name = f"DUNNING_SEQUENCES#{request.id('workspace_id')}"
    return listing_of_workspace(request, name, SequenceRow)


@ROUTES.get(
    "/dunning-sequences/{dunning_sequence_id}", permission="dunning_sequence:read", reply=SequenceView
)
def dunning_sequence(request: Request[NoBody]) -> Answer:
    stored = one(request, transactions.ref(request.id("dunning_sequence_id")))
    shown = {**asdict(stored.state), **_shown(stored.state.current), "id": stored.id}
    return found(SequenceView.model_validate(shown), stored.version)


@ROUTES.get(
    "/dunning-sequences/{dunning_sequence_id}/versions/{version}",
    permission="dunning_sequence:read",
    reply=EditionView,
)
def dunning_sequence_version(request: Request[NoBody]) -> Answer:
    sequence_id, edition = request.id("dunning_sequence_id"), request.path.get("version", "")
    if not _EDITION.fullmatch(edition):
        raise Unknown(edition)
    item = reads.one(transactions.edition_key(request.tenant_id, sequence_id, int(edition)))
    if item is None:
        raise Unknown(edition)
    return found(EditionView.model_validate(_shown(transactions.edition_of(item))))


def _shown(edition: Edition) -> dict[str, Any]:
    return asdict(edition)
