"""What a mail is written from: the account as it is now, not as it was when the event happened."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from identity.sign_in.accounts import credential_of, credential_ref, profile_of, sign_in_of
from identity.sign_in.decider import SignIn
from identity.user import owners
from identity.user.transactions import refs
from identity.verification import links
from troupe.domain import time_zones
from troupe.edge.request import scope_of
from troupe.mail.templates import Template
from troupe.security.credential import Credential, Status
from troupe.security.secrets import signing_keys
from troupe.security.tokens import LinkPurpose
from troupe.store import keys, reads
from troupe.store.aggregates import Ref, Stored
from troupe.store.envelope import Envelope
from troupe.store.transact import Snapshot

UNNAMED_PLACE = "Troupe"  # the place of who belongs to no tenant, or to one with a name that we do not repeat

_LIKE_A_LINK = re.compile(r"[:/@]|\w\.\w|[\x00-\x1f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    template: Template
    to: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    tenant_id: str
    who: Stored[Credential] | None  # None where the account is closed
    sign_in: SignIn
    invited: bool  # by the tenant, rather than signed up
    name: str
    place: str
    zone: str
    happened_at: datetime
    now: datetime

    @property
    def status(self) -> Status | None:
        return self.who.state.status if self.who else None

    @property
    def is_supplier(self) -> bool:
        return self.who is not None and self.who.state.kind == "supplier"

    def time(self, instant: datetime) -> str:
        """As the tenant's clocks show it: 1 March 2026, 13:15 (Europe/Berlin)."""
        shown = time_zones.local(instant, self.zone)
        return f"{shown.day} {shown:%B %Y, %H:%M} ({self.zone})"

    def message(
        self, template: Template, *, to: str | None = None, link: LinkPurpose | None = None, **values: Any
    ) -> Message | None:
        """To the address of the account unless to another; with what the template declares."""
        if self.who is None:
            return None
        known = {"name": self.name, "place": self.place, "at": self.time(self.happened_at), **values}
        if link:
            known["link"] = self._url(link, self.who)
        chosen = {name: known[name] for name in template.variables}
        return Message(template=template, to=to or self.who.state.email, values=chosen)

    def _url(self, purpose: LinkPurpose, who: Stored[Credential]) -> str:
        change = self.sign_in.email_change if purpose == "change_email" else None
        return links.url(links.bound(purpose, self.tenant_id, who, self.now, change), signing_keys())


def read(envelope: Envelope, now: datetime) -> Account:
    """The account that the event is about, in one read."""
    tenant_id, principal_id = envelope.tenant_id, envelope.aggregate_id
    user, _ = refs(principal_id)
    standing, profile = keys.standing(tenant_id), profile_of(tenant_id, principal_id)
    wanted = (sign_in_of(principal_id), credential_ref(principal_id), user, standing, profile)
    found = reads.batch([each.key(tenant_id) if isinstance(each, Ref) else each for each in wanted])
    scope = scope_of(now=now, tenant_id=tenant_id, actor="system", correlation_id=envelope.correlation_id)
    at = Snapshot(scope=scope, items=found)
    person, published = at.find(user).state, at.item(standing) or {}
    name = person.profile.display_name if person else _name(at.item(profile))
    return Account(
        tenant_id=tenant_id,
        who=credential_of(at, principal_id),
        sign_in=at.find(sign_in_of(principal_id)).state or SignIn(),
        invited=person is not None and person.kind == "staff" and owners.OWNER not in person.roles,
        name=f", {name}" if name and not _LIKE_A_LINK.search(name) else "",
        place=_place(published),
        zone=published.get("zone", "UTC"),
        happened_at=datetime.fromisoformat(envelope.occurred_at),
        now=now,
    )


def _name(profile: Mapping[str, Any] | None) -> str:
    return profile["display_name"] if profile else ""


def _place(published: Mapping[str, Any]) -> str:
    """The tenant's name, unless it would make a link of ours to somewhere else; then its slug."""
    name, slug = str(published.get("name", "")), str(published.get("slug", ""))
    return name if name and not _LIKE_A_LINK.search(name) else slug or UNNAMED_PLACE
