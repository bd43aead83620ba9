"""What the sample of a command needs beyond its route: who calls, which things, and what was before."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from documents.samples.sample_ids import ADMIN, MEMBER, OWNER, PERSON, REPORTER, STREAMS

_MEMBER = {"user_id": MEMBER}
_ASKED = {"membership": "community.member_requested"}
_PUBLIC = {"community": "public/community.created"}
_REQUESTED = {"post": "post.global_requested", **_PUBLIC}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """`actor`, `path` and `query` where the sample differs from what its route says.

    `lives`: up to which event a stream has come, as in `USUAL`, where that matters to the command.
    """

    actor: str | None = None
    path: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    lives: Mapping[str, str | None] = field(default_factory=dict[str, str | None])


# Streams that more people have: whose the golden life is, and who lives it too.
COPIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "credential": (PERSON, (ADMIN, OWNER, MEMBER, REPORTER, STREAMS["staff"])),
    "membership": (MEMBER, (PERSON, REPORTER)),
    "user": (PERSON, (ADMIN, OWNER, MEMBER, REPORTER, STREAMS["staff"])),
}

# Up to which event of its golden life a stream has come before a command, `event` or `life/event`.
# None: there is none. Where a command needs another state, GIVEN has it.
USUAL: Mapping[str, str | None] = {
    "comment": "comment.created",
    "community": "community.updated",
    "credential": "credential.status_changed",
    "feature_flag": "feature_flag.defined",
    "feature_override": None,
    "follow": None,
    "membership": "community.member_joined",
    "organization": "tenant.org_updated",
    "post": "post.published",
    "report": "report.created",
    "role": "role.updated",
    "sign_in": "user.verification_requested",
    "staff": "tenant.user_created",
    "tenant": "tenant.quotas_updated",
    "usage": None,
    "usage_period": "tenant.usage_period_scheduled",
    "user": "user.email_preferences_updated",
}


# By the name of the route.
GIVEN: Mapping[str, Given] = {
    "commerce.ApprovePromotion": Given(actor=MEMBER),
    "commerce.RejectPromotion": Given(actor=MEMBER),
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
    "identity.VerifyUser": Given(lives={"credential": "credential.opened", "user": "user.created"}),
}


def given(name: str) -> Given:
    return GIVEN.get(name, Given())
