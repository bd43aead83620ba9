"""What the sample of a command needs beyond its route: who calls, which things, and what was before."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from documents.sample_ids import MEMBER, OWNER, STREAMS

_MEMBER = {"user_id": MEMBER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """`actor` and `path` where the sample differs from what its route says."""

    actor: str | None = None
    path: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])


# By the name of the route.
GIVEN: Mapping[str, Given] = {
    "commerce.ApprovePromotion": Given(actor=MEMBER),
    "commerce.RejectPromotion": Given(actor=MEMBER),
    "community.ApproveGlobalDistribution": Given(actor=OWNER),
    "community.ApproveMember": Given(path=_MEMBER),
    "community.BanMember": Given(path=_MEMBER),
    "community.DeclineMember": Given(path=_MEMBER),
    "community.JoinCommunity": Given(actor=MEMBER),
    "community.LeaveCommunity": Given(actor=MEMBER),
    "community.RejectGlobalDistribution": Given(actor=OWNER),
    "community.RequestGlobalDistribution": Given(actor=MEMBER),
    "community.SetMemberRole": Given(path=_MEMBER),
    "community.UnbanMember": Given(path=_MEMBER),
    "identity.DeactivateUser": Given(path={"user_id": STREAMS["staff"]}),
    "identity.FollowUser": Given(path=_MEMBER),
    "identity.GetUsers": Given(query={"status": "active", "limit": "25"}),
    "identity.UnfollowUser": Given(path=_MEMBER),
}


def given(name: str) -> Given:
    return GIVEN.get(name, Given())
