"""The queries about a post, for callers who may see it."""

from typing import Any

from community.communities import caller
from community.person import author
from community.post import engagement, transactions, values
from community.post.decider import POST
from community.post.engagement import Choice
from community.post.responses import CommentView, PostView, ReactionView, post_view
from community.query_routes import ROUTES
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.queries import Paging, found, page_of
from troupe.edge.request import Request
from troupe.store import keys
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot

CHOICES: tuple[Choice, ...] = ("VOTE", "REACTION")


@ROUTES.get("/posts/{post_id}", permission="post:read", reply=PostView)
def post(request: Request[NoBody]) -> Answer:
    # Two batches: the post with all that is counted of it, and its author's name of today.
    post_id, tenant_id, user_id = transactions.post_id(request), request.tenant_id, request.caller.id
    chosen = [engagement.own(tenant_id, post_id, user_id, choice) for choice in CHOICES]
    at = _read(request, post_id, *engagement.tallies(tenant_id, post_id), *chosen)
    place = transactions.seen(at, request, post_id)
    author_id = place.post.author.id
    shown = post_view(
        place,
        author.named(tenant_id, [author_id])[author_id],
        engagement.counted(at, post_id),
        {choice: engagement.chosen(at, post_id, user_id, choice) for choice in CHOICES},
        request.now,
    )
    return found(shown, place.version)


@ROUTES.get(
    "/posts/{post_id}/comments",
    permission="comment:read",
    reply=page_of(CommentView),
    parameters=Paging,
)
def comments(request: Request[NoBody]) -> Answer:
    """The newest first, by the names of today."""
    post_id, tenant_id = transactions.post_id(request), request.tenant_id
    name = keys.listing(tenant_id, f"COMMENTS#{post_id}")
    rows = List(tenant_id=tenant_id, pk=name, index="GSI1", viewer=request.caller.id)

    def shown(item: Any) -> tuple[str, dict[str, Any]]:
        row = item["summary"]
        return row["author_id"], {"id": row["id"], "text": row["text"], "created_at": row["created_at"]}

    return _said(request, post_id, rows, shown, CommentView)


@ROUTES.get(
    "/posts/{post_id}/reactions",
    permission="post:read",
    reply=page_of(ReactionView),
    parameters=Paging,
)
def reactions(request: Request[NoBody]) -> Answer:
    """Who reacted, and how."""
    post_id, tenant_id = transactions.post_id(request), request.tenant_id
    pk = keys.aggregate(tenant_id, POST.name, post_id)
    rows = List(tenant_id=tenant_id, pk=pk, prefix="REACTION#", viewer=request.caller.id)

    def shown(item: Any) -> tuple[str, dict[str, Any]]:
        user_id = item["SK"].removeprefix("REACTION#")
        return user_id, {"reaction": item["choice"], "reacted_at": item["chosen_at"]}

    return _said(request, post_id, rows, shown, ReactionView)


def _read(request: Request[Any], post_id: str, *more: keys.Key) -> Snapshot:
    own = transactions.post_ref(post_id).key(request.tenant_id)
    return caller.read(request, values.community_of(post_id), own, *more)


def _said(request: Request[NoBody], post_id: str, rows: List, shown: Any, view: Any) -> Answer:
    """A page by the names of today. The cursor is looked at first, so that it tells nothing of the post."""
    asked = request.parameters
    rows.verify(asked.cursor)
    transactions.seen(_read(request, post_id), request, post_id)
    page = rows.page(asked.limit, asked.cursor)
    said = [shown(item) for item in page.items]
    people = author.named(request.tenant_id, dict.fromkeys(author_id for author_id, _ in said))
    items = [
        view.model_validate({**row, "author": people[author_id]}).model_dump(mode="json")
        for author_id, row in said
    ]
    return Answer(status=200, body={"items": items, "cursor": page.cursor})
