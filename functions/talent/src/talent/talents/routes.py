"""The commands of a talent: all of them plain."""

from talent.talents import transactions
from talent.talents.commands import (
    AddTag,
    AddTalentNote,
    AssignTalentOwner,
    ChangeTalentStatus,
    CreateTalent,
    DeleteTalent,
    EraseTalent,
    LinkPlatform,
    MergeTalent,
    ReengageTalent,
    RemoveTag,
    RemoveTalentNote,
    RestoreTalent,
    UnlinkPlatform,
    UpdateRateCard,
    UpdateTalent,
    UpdateTalentMetrics,
    VerifyPlatform,
)
from talent.talents.decider import TALENT
from talent.talents.requests import ChangesBody, CreationBody, MergeBody, RateCardBody, changes
from troupe.edge.request import Request
from troupe.edge.routes import Routes, new

# Those that write personal data read the person's key along with the talent.
routes = Routes(TALENT, permission="talent:write", also=transactions.accompanied)
personal = Routes(
    TALENT, permission="talent:write", also=transactions.accompanied, reads=transactions.subject
)


def _create(request: Request[CreationBody]) -> CreateTalent:
    sent = request.body
    return CreateTalent(
        org_id=sent.org_id,
        profile=sent.profile(),
        source=sent.source,
        categories=sent.categories,
        tags=sent.tags,
        owner_user_id=sent.owner_user_id,
    )


def _unused(request: Request[MergeBody]) -> MergeTalent:
    return MergeTalent(loser_id=request.body.loser_id, platforms={}, tags=(), notes={}, owner_user_id=None)


def _reengage(request: Request[object]) -> ReengageTalent:
    return ReengageTalent(successor_id=new(request))


create_talent = routes.post(
    "/talents",
    CreateTalent,
    target=new,
    body=CreationBody,
    make=_create,
    refusals=("quota_exceeded", "too_many_tags", "organization_unknown", "tag_length"),
    example={
        "org_id": "0192f0c1-7a00-7000-8000-0000000000c1",
        "display_name": "Emily Johnson",
        "bio": "Makes videos about bread.",
        "email": "emily@example.com",
        "categories": ["food"],
        "tags": ["baking"],
    },
)
update_talent = personal.patch(
    "/talents/{talent_id}",
    UpdateTalent,
    body=ChangesBody,
    make=changes,
    refusals=("personal_data_erased",),
    example={"bio": "Makes videos about bread and cakes.", "categories": ["food", "travel"]},
)
delete_talent = personal.delete("/talents/{talent_id}", DeleteTalent, refusals=("live_contract",))
restore_talent = routes.post(
    "/talents/{talent_id}/restore",
    RestoreTalent,
    deleted=True,
    refusals=("already_merged", "quota_exceeded"),
)
change_talent_status = personal.put(
    "/talents/{talent_id}/status",
    ChangeTalentStatus,
    refusals=("invalid_transition", "personal_data_erased"),
    example={"to": "contacted", "reason": "Wrote to her about the spring campaign."},
)
link_platform = personal.put(
    "/talents/{talent_id}/platforms/{platform}",
    LinkPlatform,
    refusals=("platform_taken", "platform_conflict", "unknown_platform", "handle_empty"),
    example={"handle": "emilybakes", "external_id": "7012345", "follower_count": 120000},
)
unlink_platform = routes.delete(
    "/talents/{talent_id}/platforms/{platform}", UnlinkPlatform, refusals=("unknown_platform",)
)
verify_platform = routes.post(
    "/talents/{talent_id}/platforms/{platform}/verify",
    VerifyPlatform,
    refusals=("platform_not_linked", "unknown_platform"),
    example={"method": "bio_code"},
)
update_talent_metrics = routes.put(
    "/talents/{talent_id}/platforms/{platform}/metrics",
    UpdateTalentMetrics,
    refusals=("platform_not_linked", "unknown_platform", "as_of_in_future"),
    example={
        "follower_count": 125000,
        "following_count": 310,
        "post_count": 482,
        "engagement_rate": 0.031,
        "as_of": "2026-02-14T00:00:00Z",
    },
)
add_talent_note = personal.post(
    "/talents/{talent_id}/notes",
    AddTalentNote,
    refusals=("too_many_notes", "personal_data_erased"),
    example={"text": "Prefers calls in the morning.", "visibility": "team"},
)
remove_talent_note = routes.delete("/talents/{talent_id}/notes/{note_id}", RemoveTalentNote)
add_tag = routes.post(
    "/talents/{talent_id}/tags",
    AddTag,
    refusals=("too_many_tags", "tag_length"),
    example={"tag": "vegan"},
)
remove_tag = routes.delete("/talents/{talent_id}/tags/{tag}", RemoveTag, refusals=("tag_length",))
update_rate_card = routes.put(
    "/talents/{talent_id}/rate-card",
    UpdateRateCard,
    body=RateCardBody,
    example={
        "items": [{"content_type": "reel", "platform": "instagram", "amount_cents": 90000}],
        "currency": "EUR",
        "valid_from": "2026-03-01",
    },
)
assign_talent_owner = routes.put(
    "/talents/{talent_id}/owner",
    AssignTalentOwner,
    example={"owner_user_id": "0192f0c1-7a00-7000-8000-0000000000a0"},
)
merge_talent = routes.post(
    "/talents/{talent_id}/merge",
    MergeTalent,
    body=MergeBody,
    make=_unused,
    run=transactions.merge,
    refusals=(
        "already_merged",
        "already_superseded",
        "platform_conflict",
        "too_many_notes",
        "too_many_tags",
        "same_talent",
    ),
    example={"loser_id": "0192f0c1-7a00-7000-8000-0000000000b7"},
)
reengage_talent = routes.post(
    "/talents/{talent_id}/reengage",
    ReengageTalent,
    make=_reengage,
    run=transactions.reengage,
    status=201,
    refusals=("already_merged", "already_superseded", "invalid_transition", "quota_exceeded"),
)
erase_talent = routes.post("/talents/{talent_id}/erase", EraseTalent, permission="talent:erase", deleted=True)
