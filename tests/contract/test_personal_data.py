"""Every field of every event that looks personal is declared so, or stands here with the reason why it is not."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, TypeAliasType, get_args, get_origin

import pytest

from documents.contexts import deciders
from troupe.domain.personal import declared

LOOKS_PERSONAL = re.compile(
    r"name|e?mail|phone|address|birth|bio|avatar|^ip$|user_agent|tax|iban|city|postal|line\d|region|street"
    r"|note|comment|text|reason|detail|excerpt|last4|fingerprint|reply_to|url|website|title|description|tail"
)
BUSINESS = "of a business, not of a person"
CATALOGUE = "of goods or of a community, public in the tenant"
CODE = "a code or a sentence of ours, not what a person wrote"
STAFFS = "what staff write of the tenant's own affairs"
TENANTS = "of the tenant itself, which ends with the tenancy"
CARD = "of a card and for its bank: four digits and a digest identify no person without Stripe"
NOT_PERSONAL: Mapping[str, str] = {
    "community.settings.branding.banner_url": CATALOGUE,
    "community.settings.branding.logo_url": CATALOGUE,
    "community.settings.description": CATALOGUE,
    "api_key.name": STAFFS,
    "community.settings.name": CATALOGUE,
    "contact.reason": CODE,
    "dunning_sequence.name": STAFFS,
    "feature_flag.definition.description": STAFFS,
    "feature_override.reason": STAFFS,
    "inventory.reason": STAFFS,
    "location.city": BUSINESS,
    "location.name": BUSINESS,
    "order.lines.snapshot.image_url": CATALOGUE,
    "order.lines.snapshot.name": CATALOGUE,
    "order.reason": CODE,
    "organization.name": BUSINESS,
    "product.details.description": CATALOGUE,
    "product.details.media.gallery_urls": CATALOGUE,
    "product.details.media.primary_image_url": CATALOGUE,
    "product.details.media.video_url": CATALOGUE,
    "product.details.name": CATALOGUE,
    "promotion.details.description": CATALOGUE,
    "promotion.details.title": CATALOGUE,
    "promotion.products.image_url": CATALOGUE,
    "promotion.products.name": CATALOGUE,
    "promotion.reason": STAFFS,
    "recovery_attempt.card.fingerprint": CARD,
    "recovery_attempt.card.last4": CARD,
    "recovery_attempt.charge.fingerprint": CARD,
    "recovery_attempt.classification.text": CODE,
    "recovery_attempt.decision.inputs.classification.text": CODE,
    "recovery_attempt.decision.inputs.policy.holidays": "days on which nothing is charged",
    "recovery_attempt.decision.inputs.zone_reason": CODE,
    "recovery_attempt.decline.outcome_reason": CODE,
    "recovery_attempt.decline.region": CODE,
    "recovery_attempt.fingerprint": CARD,
    "recovery_attempt.last4": CARD,
    "recovery_attempt.reason": CODE,
    "recovery_attempt.terms.zone_reason": CODE,
    "recovery_outcome.reason_code": CODE,
    "reporting.day": "of a report",
    "role.description": STAFFS,
    "role.name": STAFFS,
    "sign_in.source_address": "an HMAC under a key that goes after two months",
    "supplier_order.lines.name": CATALOGUE,
    "subscription_at_risk.expiration_date": CARD,
    "subscription_at_risk.reason": CODE,
    "talent.rate_card.valid_from": "of a price list",
    "talent.valid_from": "of a price list",
    "tenant.billing_email": TENANTS,
    "tenant.name": TENANTS,
    "tenant.reason": STAFFS,
    "tenant.settings.tax_rates": "percentages by country",
    "workspace.name": BUSINESS,
    "workspace.settings.mail_thresholds": "days and amounts",
    "workspace.settings.reply_to": TENANTS,
    "workspace.settings.sender_name": TENANTS,
}
OPEN = frozenset(  # streams that are not declared yet
    {
        "contact",
        "supplier",
    }
)


def leaves(shape: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The fields that hold text or a date, at any depth, by their path."""
    if isinstance(shape, TypeAliasType):
        yield from leaves(shape.__value__, path)
    elif get_origin(shape) is Annotated:
        yield from leaves(get_args(shape)[0], path)
    elif is_dataclass(shape):
        for each in fields(shape):
            yield from leaves(each.type, (*path, each.name))
    elif get_origin(shape) is Literal:
        return
    elif parts := get_args(shape):
        for each in parts:
            yield from leaves(each, path)
    elif shape is str or (shape is date and shape is not datetime):
        yield path, shape


def suspects() -> Iterator[tuple[str, str]]:
    for decider in deciders():
        for shape in decider.events.values():
            for path, kind in leaves(shape):
                if path[0] in declared(shape) or path[-1].endswith("_id"):
                    continue
                if kind is date or LOOKS_PERSONAL.search(path[-1]):
                    yield decider.name, f"{decider.name}.{'.'.join(path)}"


def test_what_looks_personal_is_declared_or_listed():
    found = {name for stream, name in suspects() if stream not in OPEN}
    assert found - NOT_PERSONAL.keys() == set(), "declare them (troupe.domain.personal), or list them"


def test_the_list_has_nothing_that_is_declared_or_gone():
    assert NOT_PERSONAL.keys() - {name for _, name in suspects()} == set()
    assert OPEN - {stream for stream, _ in suspects()} == set()


@pytest.mark.parametrize("decider", deciders(), ids=lambda decider: decider.name)
def test_subjects_are_named_by_the_stream(decider):
    """A field is about the aggregate itself or about one of those that the decider names."""
    named = {mark.of for shape in decider.events.values() for mark in declared(shape).values()}
    assert named <= {decider.name, *SUBJECTS.get(decider.name, ())}


SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "comment": ("author",),
    "credential": ("principal",),
    "follow": ("follower", "followee"),
    "membership": ("member",),
    "order": ("customer",),
    "post": ("author",),
    "report": ("reporter", "author"),
    "sign_in": ("principal",),
    "staff": ("user",),
    "supplier_order": ("customer",),
    "supplier_rating": ("customer",),
}
