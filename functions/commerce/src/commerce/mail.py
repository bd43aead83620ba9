"""No route: the mail queue, with what calls for a mail to a supplier, or to who decides on promotions."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from commerce.promotion import mail_reaction
from commerce.supplier import email_links, transactions
from commerce.supplier.mails import VERIFY
from troupe.clock import now
from troupe.edge.request import scope_of
from troupe.mail import ses
from troupe.mail.templates import render
from troupe.messaging.batches import consumer
from troupe.observability import outcome
from troupe.security.credential import Credential
from troupe.security.secrets import signing_keys
from troupe.store import keys, reads
from troupe.store.envelope import Envelope
from troupe.store.transact import Snapshot

_LIKE_A_LINK = re.compile(r"[:/@]|\w\.\w|[\x00-\x1f]")


def confirm_address(envelope: Envelope) -> None:
    """One mail for one event, however often it comes; none where it has no more use."""
    instant, tenant_id, supplier_id = now(), envelope.tenant_id, envelope.aggregate_id
    signs_in, standing = transactions.credential_ref(supplier_id), keys.standing(tenant_id)
    scope = scope_of(now=instant, tenant_id=tenant_id, actor="system", correlation_id=envelope.correlation_id)
    at = Snapshot(scope=scope, items=reads.batch([signs_in.key(tenant_id), standing]))
    who = at.find(signs_in).state
    if not isinstance(who, Credential) or (who.kind, who.status) != ("supplier", "pending"):
        outcome("mail_not_needed", tenant_id=tenant_id, event_id=envelope.id)
        return
    link = email_links.url(tenant_id, supplier_id, who, signing_keys())
    values = {"place": _place(at.item(standing) or {}), "link": link}
    ses.send(render(VERIFY, values, tenant_id=tenant_id, to=who.email), once=envelope.id)


def _place(published: Mapping[str, Any]) -> str:
    """The tenant's name, unless it would make a link of ours to somewhere else; then its slug."""
    name, slug = str(published.get("name", "")), str(published.get("slug", ""))
    return name if name and not _LIKE_A_LINK.search(name) else slug


# A supplier has come, or asks for another link; the stream of sign-ins is one for all kinds of principals.
WRITTEN: Mapping[str, Callable[[Envelope], None]] = {
    "supplier.created": confirm_address,
    "user.verification_requested": confirm_address,
    **dict.fromkeys(mail_reaction.TEMPLATES, mail_reaction.write),
}


def write(message: Mapping[str, Any]) -> None:
    envelope = Envelope.of(message["detail"])
    if envelope.type in WRITTEN:
        WRITTEN[envelope.type](envelope)


handler = consumer(write)
