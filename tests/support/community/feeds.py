"""Communities with posts and promotions in them, for the tests of the feeds: by the aggregates' own decisions."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from commerce.promotion.commands import (
    ApprovePromotion,
    CancelPromotion,
    CreatePromotion,
    DecidePromotion,
    EndPromotion,
    PausePromotion,
    RejectPromotion,
    ResumePromotion,
    SubmitPromotion,
)
from commerce.promotion.decider import PROMOTION
from community import inbound
from community.person.values import PersonSnapshot
from community.post import values
from community.post.commands import CreatePost
from community.post.content_rules import Content
from community.post.decider import POST
from support.commerce.promotion_histories import DETAILS, WARES
from support.community.communities import CommunityUnderTest, found
from support.community.tenant import CommunityTenant, ask
from support.dynamodb import stored_events
from support.principals import acting
from support.spec import Reply
from support.stream_events import batch, failed
from support.stream_events import happened as told
from troupe.edge.request import scope_of
from troupe.ids import new_id
from troupe.store.aggregates import Ref
from troupe.store.envelope import Envelope
from troupe.store.transact import execute

FEED, COMMUNITY_FEED = "/feed", "/communities/{community_id}/feed"
DAY = timedelta(days=1)


def deliver(events: Iterable[Envelope]) -> None:
    """To the context's queue, ten at a time."""
    due = list(events)
    for begin in range(0, len(due), 10):
        assert failed(inbound.handler(batch(*due[begin : begin + 10]), None)) == []


@dataclass
class Feeds:
    """One tenant's feeds. Everything happens at `at`, a minute after what was before."""

    tenant: CommunityTenant
    at: datetime
    heard: set[str] = field(default_factory=set)

    def _scope(self, actor: str):
        self.at += timedelta(minutes=1)
        return scope_of(now=self.at, tenant_id=self.tenant.tenant_id, actor=actor, correlation_id="setup")

    def community(self, **body: Any) -> CommunityUnderTest:
        return found(self.tenant, **body)

    def post(
        self, community: CommunityUnderTest, author_id: str, text: str = "Bread.", **content: Any
    ) -> str:
        """One that is published at once, if nothing is said."""
        moderated = content.pop("moderated", False)
        post_id = values.post(community.id, new_id())
        party = PersonSnapshot(id=author_id, display_name="As it was")
        said = Content(**{"kind": "text", "text": text, **content})
        command = CreatePost(community_id=community.id, author=party, content=said, moderated=moderated)
        execute(self._scope(author_id), Ref(decider=POST, id=post_id, creates=True), command)
        return post_id

    def on_post(self, post_id: str, command: Any, actor: str = "somebody") -> None:
        execute(self._scope(actor), Ref(decider=POST, id=post_id), command, deleted=True)

    def supplier(self, name: str = "Bakery", logo_url: str | None = None) -> str:
        supplier_id = new_id()
        company = {"legal_name": f"{name} GmbH", "country": "DE", "trade_name": name, "logo_url": logo_url}
        self.on_supplier(supplier_id, 1, "created", company=company)
        return supplier_id

    def on_supplier(self, supplier_id: str, version: int, action: str, **data: Any) -> None:
        told("supplier", supplier_id, version, action, tenant_id=self.tenant.tenant_id, **data)

    def promotion(self, supplier_id: str, *circles: CommunityUnderTest, everywhere: bool = True) -> str:
        """Submitted to communities and, by default, globally."""
        promotion_id = new_id()
        visibility = "both" if circles else "global"
        details = replace(
            DETAILS,
            communities=tuple(each.id for each in circles),
            visibility=visibility if everywhere else "communities",
            starts_at=self.at,
            ends_at=self.at + 90 * DAY,
        )
        ref = Ref(decider=PROMOTION, id=promotion_id, creates=True)
        execute(self._scope(supplier_id), ref, CreatePromotion(supplier_id=supplier_id, details=details))
        self.on_promotion(promotion_id, SubmitPromotion(products=WARES, decide_within=7 * DAY))
        return promotion_id

    def on_promotion(self, promotion_id: str, *commands: Any) -> None:
        for each in commands:
            execute(self._scope("admin"), Ref(decider=PROMOTION, id=promotion_id), each)

    def decide(self, promotion_id: str) -> None:
        """The time of its targets is over."""
        self.on_promotion(promotion_id, DecidePromotion())

    def hears(self) -> None:
        """What has happened since it last heard."""
        news = [event for event in stored_events() if event.id not in self.heard]
        deliver(news)
        self.heard.update(event.id for event in news)


def approve(*targets: str) -> tuple[ApprovePromotion, ...]:
    return tuple(ApprovePromotion(target=each) for each in targets)


def reject(target: str) -> RejectPromotion:
    return RejectPromotion(target=target, reason="No.")


PAUSE, RESUME, END = PausePromotion(), ResumePromotion(), EndPromotion()
CANCEL = CancelPromotion(reason="Sold out.")


def feed(
    who: str, community: CommunityUnderTest | None = None, role: str = "consumer", **query: str
) -> Reply:
    """A page of a community's feed, or of the global one."""
    if community is None:
        return ask(FEED, **acting(role, who), query=query)
    return ask(COMMUNITY_FEED, community.path(), **acting(role, who), query=query)


def ids(reply: Reply) -> list[str]:
    assert reply.status == 200, reply.body
    return [each["id"] for each in reply.body["items"]]
