"""What may be asked about talents: one of them, its notes, and lists."""

from typing import Any, Self

from pydantic import model_validator

from talent.query_routes import ROUTES
from talent.talents.decider import TALENT
from talent.talents.projection import TALENT_CARDS
from talent.talents.responses import Notes, NoteView, TalentRow, TalentView, shown, view
from talent.talents.values import Status, Tier
from troupe.edge import fields
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.queries import Paging, found, kept, listing, one, page_of
from troupe.edge.request import Request
from troupe.projection import generations
from troupe.store import keys, reads
from troupe.store.aggregates import Ref, Stored
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot

MOVED = 301


class Talents(Paging, frozen=True):
    """Talents of one status, owner, tier or organization."""

    status: Status | None = None
    owner_user_id: fields.Id | None = None
    tier: Tier | None = None
    org_id: fields.Id | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        names = ("status", "owner_user_id", "tier", "org_id")
        if sum(getattr(self, name) is not None for name in names) != 1:
            raise fields.Together("name a status, an owner, a tier or an organization, one of them", *names)
        return self


@ROUTES.get("/talents/{talent_id}", permission="talent:read", reply=TalentView)
def talent(request: Request[NoBody]) -> Answer:
    """One that was merged into another answers 301 with the address of that one."""
    ref = Ref(decider=TALENT, id=request.id("talent_id"))
    at = Snapshot(scope=request.scope, items=reads.batch([ref.key(request.tenant_id)]))
    if (known := at.find(ref).state) and known.merged_into:
        there = f"/v1/talent/talents/{known.merged_into}"
        return Answer(status=MOVED, body={"id": known.merged_into}, headers={"location": there})
    stored = at.of(ref)
    return found(view(ref.id, request.tenant_id, stored.state), stored.version)


@ROUTES.get("/talents/{talent_id}/notes", permission="talent:read", reply=Notes)
def talent_notes(request: Request[NoBody]) -> Answer:
    """The newest first; private notes of others are left out."""
    stored: Stored[Any] = one(request, Ref(decider=TALENT, id=request.id("talent_id")))
    seen = [note for note in stored.state.notes.values() if shown(note, request.caller.id)]
    newest = sorted(seen, key=lambda note: (note.created_at, note.id), reverse=True)
    return found(Notes(items=tuple(map(NoteView.model_validate, newest))), stored.version)


@ROUTES.get("/talents", permission="talent:read", reply=page_of(TalentRow), parameters=Talents)
def talents(request: Request[NoBody]) -> Answer:
    """By status, owner and organization the newest first, by tier the one with most followers first."""
    asked: Any = request.parameters
    if asked.status:
        return listing(request, f"TALENTS#{asked.status}", TalentRow)
    if asked.owner_user_id:
        pk = keys.listing(request.tenant_id, f"OWNER#{asked.owner_user_id}")
        return kept(request, List(tenant_id=request.tenant_id, pk=pk, index="GSI2"), TalentRow)
    name = ("TIER", asked.tier) if asked.tier else ("ORG", asked.org_id)
    pk = generations.partition(request.tenant_id, TALENT_CARDS.name, *name)
    index: Any = "GSI1" if asked.tier else "GSI2"
    return kept(request, List(tenant_id=request.tenant_id, pk=pk, index=index), TalentRow)
