"""Whom pieces are by, and the communities they are from, as their streams tell. All of it pure.

Each is of an edition: the version that last changed what a card shows of it. What changes nothing of that
keeps the edition, and no card is looked at for it.
"""

from dataclasses import replace

from community.external.readers import Profile, user_created, user_profile_updated
from community.feed.card_rules import Author, CommunityShown
from community.feed.promotions import supplier_profile
from troupe.projection.view import Part, Tombstone
from troupe.store.envelope import Envelope


def user(author: Part[Author], event: Envelope) -> Part[Author]:
    """A person; of one who is deleted, their pieces keep no name and no picture."""
    match author, event.type:
        case None, "user.created":
            return _person(user_created(event.data).profile, event)
        case Author(), "user.profile_updated":
            return _changed(author, _person(user_profile_updated(event.data).profile, event))
        case Author(), "user.deleted":
            return Tombstone(kept=replace(author, edition=event.version))
        case Tombstone(kept=Author() as kept), "user.personal_data_erased":
            return Tombstone(kept=Author(display_name="", shown=kept.shown, edition=event.version))
        case Tombstone(kept=Author() as kept), "user.restored":
            return replace(kept, edition=event.version)
        case _:
            return author


def _person(profile: Profile, event: Envelope) -> Author:
    return Author(display_name=profile.display_name, avatar_url=profile.avatar_url, edition=event.version)


def supplier(author: Part[Author], event: Envelope) -> Part[Author]:
    """A business; while it is suspended or deleted, none of its promotions is shown."""
    match author, event.type:
        case None, "supplier.created":
            return _business(event)
        case Author(), "supplier.updated":
            return _changed(author, replace(_business(event), shown=author.shown))
        case Author(), "supplier.suspended" | "supplier.deleted":
            return _changed(author, replace(author, shown=False, edition=event.version))
        case Author(), "supplier.reinstated":
            return _changed(author, replace(author, shown=True, edition=event.version))
        case Author(), "supplier.restored":
            return _changed(author, replace(author, shown=_stands(event), edition=event.version))
        case _:
            return author


def _business(event: Envelope) -> Author:
    company = supplier_profile(event.data).company
    name = company.trade_name or company.legal_name
    return Author(display_name=name, avatar_url=company.logo_url, edition=event.version)


def _stands(event: Envelope) -> bool:
    """Whether what was deleted comes back as what sells."""
    return event.data.get("status") != "suspended"


def _changed[T: Author | CommunityShown](was: T, now: T) -> T:
    """The new edition, if a card shows anything of what has changed."""
    return was if replace(was, edition=now.edition) == now else now


def community(community: Part[CommunityShown], event: Envelope) -> Part[CommunityShown]:
    """A community, as far as its posts may be shown to the whole tenant."""
    match community, event.type:
        case None, "community.created":
            return CommunityShown(public=_public(event), edition=event.version)
        case CommunityShown(), "community.updated":
            return _changed(community, replace(community, public=_public(event), edition=event.version))
        case CommunityShown(), "community.deleted":
            return _changed(community, replace(community, stands=False, edition=event.version))
        case CommunityShown(), "community.restored":
            return _changed(community, replace(community, stands=True, edition=event.version))
        case _:
            return community


def _public(event: Envelope) -> bool:
    public: bool = event.data["settings"]["visibility"] == "public"
    return public
