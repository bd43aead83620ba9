"""What the sample of a command needs beyond its route: who calls, which things, and what was before."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from documents.samples.sample_ids import ADMIN, DUPLICATE, MEMBER, OWNER, PERSON, REPORTER, STREAMS, TALENT

_MEMBER = {"user_id": MEMBER}
_ASKED = {"membership": "community.member_requested"}
_PUBLIC = {"community": "public/community.created"}
_SUBMITTED = {"promotion": "promotion.submitted", **_PUBLIC}
_CONFIRMED = {"order": "order.confirmed", "supplier_order": "supplier_order.confirmed"}
_ACCEPTED = {"order": "order.processing", "supplier_order": "supplier_order.lines_accepted"}
_DELIVERED = {"order": "order.delivered", "supplier_order": "supplier_order.lines_delivered"}
_RETURNED = {"order": "order.delivered", "supplier_order": "supplier_order.return_requested"}
_SHIPPED = {"order": "order.shipped", "supplier_order": "supplier_order.lines_shipped"}
_COUNTED = {"order": ('"to": "accepted"', '"to": "shipped"')}
_POLL = '{"options": [{"id": "1", "text": "Rye"}, {"id": "2", "text": "Wheat"}], "closes_at": null}'
_KNOWN = {"talent": "talent.rate_card_updated"}
_NUMBERED = {"talent": "talent.platform_linked"}
_REQUESTED = {"post": "post.global_requested", **_PUBLIC}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """`actor`, `path` and `query` where the sample differs from what its route says.

    `lives`: up to which event a stream has come, as in `USUAL`, where that matters to the command.
    `instead`: what of its life does not suit the command, as in `INSTEAD`.
    """

    actor: str | None = None
    path: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    lives: Mapping[str, str | None] = field(default_factory=dict[str, str | None])
    instead: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])


# Streams that more people have: whose the golden life is, and who lives it too.
COPIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "credential": (PERSON, (ADMIN, OWNER, MEMBER, REPORTER, STREAMS["staff"])),
    "membership": (MEMBER, (PERSON, REPORTER)),
    "talent": (TALENT, (DUPLICATE,)),
    "user": (PERSON, (ADMIN, OWNER, MEMBER, REPORTER, STREAMS["staff"])),
}

# What in a golden life stands in the way of its commands, as being long past, and what stands there instead.
INSTEAD: Mapping[str, tuple[str, str]] = {
    "promotion": ("2026-02-21T", "2099-02-21T"),
    "recovery_attempt": ('"reason": "account_disconnected"', '"reason": "requested"'),
    "supplier_order": ("2026-02-17T", "2099-02-17T"),
}

# Up to which event of its golden life a stream has come before a command, `event` or `life/event`.
# None: there is none. Where a command needs another state, GIVEN has it.
USUAL: Mapping[str, str | None] = {
    "api_key": "api_key.created",
    "comment": "comment.created",
    "community": "community.updated",
    "contact": None,
    "credential": "credential.status_changed",
    "dunning_sequence": "dunning_sequence.updated",
    "feature_flag": "feature_flag.defined",
    "feature_override": None,
    "follow": None,
    "inventory": "product.inventory_updated",
    "location": "location.added",
    "membership": "community.member_joined",
    "order": "order.reserved",
    "organization": "tenant.org_updated",
    "post": "post.published",
    "product": "product.published",
    "promotion": "promotion.activated",
    "recovery_attempt": "recovered/recovery_attempt.step_sent",
    "report": "report.created",
    "role": "role.updated",
    "sign_in": "user.verification_requested",
    "staff": "tenant.user_created",
    "stripe_account": "stripe_account.connected",
    "subscription_at_risk": "subscription_at_risk.flagged",
    "supplier": "supplier.payout_account_updated",
    "supplier_order": "supplier_order.created",
    "supplier_rating": None,
    "talent": "talent.updated",
    "tenant": "tenant.quotas_updated",
    "usage": None,
    "usage_period": "tenant.usage_period_scheduled",
    "user": "user.email_preferences_updated",
    "workspace": "workspace.updated",
}

# Whose streams stand there before a function of a context is called.
NEEDED: Mapping[str, tuple[str, ...]] = {
    "commerce": ("identity", "community", "commerce"),
    "community": ("identity", "community"),
    "identity": ("identity",),
    "recovery": ("identity", "recovery"),
    "talent": ("identity", "talent"),
}


# By the name of the route.
GIVEN: Mapping[str, Given] = {
    "commerce.AcceptLines": Given(lives=_CONFIRMED),
    "commerce.ApprovePromotion": Given(actor=PERSON, lives=_SUBMITTED),
    "commerce.ApproveReturn": Given(lives=_RETURNED),
    "commerce.BeginReview": Given(lives={"supplier": "supplier.submitted"}),
    "commerce.CreateProduct": Given(lives={"inventory": None, "product": None}),
    "commerce.DeclineReturn": Given(lives=_RETURNED),
    "commerce.DeliverLines": Given(lives=_SHIPPED, instead=_COUNTED),
    "commerce.PublishProduct": Given(lives={"product": "product.variant_removed"}),
    "commerce.RateSupplier": Given(lives=_DELIVERED),
    "commerce.RecallShipment": Given(lives=_SHIPPED, instead=_COUNTED),
    "commerce.RefundLines": Given(lives=_DELIVERED),
    "commerce.ReinstateSupplier": Given(lives={"supplier": "supplier.suspended"}),
    "commerce.RejectLines": Given(lives=_CONFIRMED),
    "commerce.RejectPromotion": Given(actor=PERSON, lives=_SUBMITTED),
    "commerce.RejectSupplier": Given(lives={"supplier": "supplier.review_began"}),
    "commerce.RemoveVariant": Given(lives={"product": "product.variant_updated"}),
    "commerce.RequestDocumentUpload": Given(lives={"supplier": "supplier.updated"}),
    "commerce.RequestReturn": Given(lives=_DELIVERED),
    "commerce.RestoreProduct": Given(lives={"product": "product.deleted"}),
    "commerce.RestoreSupplier": Given(lives={"supplier": "supplier.deleted"}),
    "commerce.ResumePromotion": Given(lives={"promotion": "promotion.paused"}),
    "commerce.SetInventory": Given(lives={"inventory": None}),
    "commerce.ShipLines": Given(lives=_ACCEPTED),
    "commerce.SubmitSupplier": Given(lives={"supplier": "supplier.document_requested"}),
    "commerce.SubmitPromotion": Given(lives={"promotion": "promotion.updated", **_PUBLIC}),
    "commerce.UpdatePromotion": Given(lives={"promotion": "promotion.created"}),
    "commerce.UpdateSupplier": Given(lives={"supplier": "supplier.address_verified"}),
    "commerce.VerifySupplier": Given(lives={"supplier": "supplier.review_began"}),
    "commerce.VerifySupplierAddress": Given(lives={"supplier": "supplier.created"}),
    "community.ApproveGlobalDistribution": Given(actor=OWNER, lives=_REQUESTED),
    "community.ApproveMember": Given(path=_MEMBER, lives=_ASKED),
    "community.BanMember": Given(path=_MEMBER),
    "community.DeclineMember": Given(path=_MEMBER, lives=_ASKED),
    "community.EditPost": Given(actor=MEMBER),
    "community.JoinCommunity": Given(actor=MEMBER, lives={"membership": None}),
    "community.LeaveCommunity": Given(actor=MEMBER),
    "community.RejectGlobalDistribution": Given(actor=OWNER, lives=_REQUESTED),
    "community.RequestGlobalDistribution": Given(actor=MEMBER, lives=_PUBLIC),
    "community.RestoreCommunity": Given(actor=MEMBER, lives={"community": "community.deleted"}),
    "community.RestorePost": Given(lives={"post": "post.hidden"}),
    "community.VoteInPoll": Given(instead={"post": ('"poll": null', f'"poll": {_POLL}')}),
    "community.PublishPost": Given(lives={"post": "post.created"}),
    "community.ReportContent": Given(lives={"report": None}),
    "community.SetMemberRole": Given(path=_MEMBER),
    "community.UnbanMember": Given(path=_MEMBER, lives={"membership": "community.member_banned"}),
    "identity.DeactivateUser": Given(path={"user_id": STREAMS["staff"]}),
    "identity.ClearFeatureOverride": Given(lives={"feature_override": "tenant.feature_override_set"}),
    "identity.CreateRole": Given(lives={"role": None}),
    "identity.FollowUser": Given(actor=MEMBER),
    "identity.GetUsers": Given(query={"status": "active", "limit": "25"}),
    "identity.ProvisionTenant": Given(lives={"tenant": None}),
    "identity.ReactivateTenant": Given(lives={"tenant": "tenant.suspended"}),
    "identity.ReactivateUser": Given(lives={"user": "user.suspended"}),
    "identity.RemoveFromOrganization": Given(lives={"user": "user.org_joined"}),
    "identity.RestoreUser": Given(lives={"user": "user.deleted"}),
    "identity.RevokeRole": Given(lives={"user": "user.role_assigned"}),
    "identity.UnfollowUser": Given(actor=MEMBER, lives={"follow": "user.followed"}),
    "identity.UnlockUser": Given(lives={"sign_in": "user.locked"}),
    "recovery.EnableDunningSequence": Given(lives={"dunning_sequence": "dunning_sequence.created"}),
    "recovery.ReactivateWorkspace": Given(lives={"workspace": "workspace.deactivated"}),
    "recovery.ResumeRecoveryAttempt": Given(lives={"recovery_attempt": "held/recovery_attempt.held"}),
    "recovery.ReverseRecovery": Given(lives={"recovery_attempt": "recovered/recovery_attempt.recovered"}),
    "talent.AssignTalentOwner": Given(lives=_KNOWN),
    "talent.GetTalentNotes": Given(lives=_KNOWN),
    "talent.RemoveTag": Given(lives=_KNOWN),
    "talent.RemoveTalentNote": Given(lives=_KNOWN),
    "talent.UnlinkPlatform": Given(lives=_KNOWN),
    "talent.UpdateTalentMetrics": Given(lives=_NUMBERED),
    "talent.VerifyPlatform": Given(lives=_NUMBERED),
    "talent.CreateTalent": Given(lives={"talent": None}),
    "talent.GetTalents": Given(query={"status": "prospect", "limit": "25"}),
    "talent.ReengageTalent": Given(lives={"talent": "churned/talent.note_added"}),
    "talent.RestoreTalent": Given(lives={"talent": "talent.deleted"}),
    "identity.VerifyUser": Given(lives={"credential": "credential.opened", "user": "user.created"}),
}


def given(name: str) -> Given:
    return GIVEN.get(name, Given())
