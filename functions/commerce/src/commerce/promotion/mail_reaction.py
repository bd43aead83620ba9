"""Mails to those who decide on a promotion, when it is submitted and when they are reminded."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from commerce import settings
from commerce.promotion import approval
from commerce.promotion.decider import PROMOTION
from commerce.promotion.events import GLOBAL
from commerce.promotion.mails import ASKED, REMINDED
from commerce.promotion.state import Promotion
from troupe.mail import ses
from troupe.mail.templates import Template, render
from troupe.observability import outcome
from troupe.store import keys, reads
from troupe.store.envelope import Envelope
from troupe.store.transact import load

TEMPLATES: Mapping[str, Template] = {"promotion.submitted": ASKED, "promotion.approvers_reminded": REMINDED}

_LIKE_A_LINK = re.compile(
    r"//|@|\w\.\w|[\x00-\x1f]"
)  # what a supplier wrote may lead nowhere from a mail of ours


def write(event: Envelope) -> None:
    """One mail to each who decides and has not, however often the event comes."""
    tenant_id = event.tenant_id
    promotion = load(tenant_id, PROMOTION, event.aggregate_id).state
    if not isinstance(promotion, Promotion) or promotion.status != "pending_approval":
        outcome("mail_not_needed", tenant_id=tenant_id, event_id=event.id)
        return
    asked = [each for each in promotion.open if each in event.data["targets"]]
    deciding = approval.deciding(tenant_id, asked)
    failed: list[ses.MailFailed] = []
    for person, address in approval.addresses(tenant_id, deciding).items():
        values = _values(tenant_id, promotion, deciding[person])
        letter = render(TEMPLATES[event.type], values, tenant_id=tenant_id, to=address)
        try:
            ses.send(letter, once=f"{event.id}-{person}")
        except ses.MailFailed as error:  # the others get theirs, and the event comes again
            failed.append(error)
    if failed:
        raise failed[0]


def _values(tenant_id: str, promotion: Promotion, targets: tuple[str, ...]) -> Mapping[str, Any]:
    published = reads.one(keys.standing(tenant_id)) or {}
    title = promotion.details.title
    return {
        "place": _harmless(str(published.get("name", ""))) or str(published.get("slug", "")),
        "title": _harmless(title) or "its title looks like a link, and is left out here",
        "where": _where(tenant_id, targets),
        "deadline": _deadline(promotion.decide_by, settings.of(published).zone),
    }


def _where(tenant_id: str, targets: tuple[str, ...]) -> str:
    """The text for the targets: the whole tenant, or communities by their names."""
    communities = [keys.community_standing(tenant_id, each) for each in targets if each != GLOBAL]
    known = reads.batch(communities) if communities else {}
    names = [_harmless(str(known[key].get("name", ""))) for key in communities if key in known]
    named = [each or "your community" for each in names]
    return ", ".join([*(["everybody"] if GLOBAL in targets else []), *named])


def _harmless(text: str) -> str:
    return "" if _LIKE_A_LINK.search(text) else text


def _deadline(at: datetime | None, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%d %B %Y, %H:%M} ({zone})" if at else ""
