"""The ids of the sample tenant, of its people and of one stream of each kind."""

from collections.abc import Mapping

TENANT = "0192f0c1-7a00-7000-8000-000000000001"
SYSTEM = "@"


def sample_id(tail: str) -> str:
    """A UUIDv7 with these last digits."""
    return f"0192f0c1-7a00-7000-8000-{tail.rjust(12, '0')}"


OPERATOR, ADMIN, OWNER = sample_id("f1"), sample_id("a0"), sample_id("a9")
PERSON, MEMBER, REPORTER = sample_id("a1"), sample_id("a2"), sample_id("a3")
SUPPLIER = sample_id("e1")
COMMUNITY = sample_id("c1")
POST = f"{COMMUNITY}.{sample_id('d1')}"
ORDER = sample_id("c7")
TALENT, DUPLICATE = sample_id("b6"), sample_id("b7")

# By the kind of the stream.
STREAMS: Mapping[str, str] = {
    "api_key": sample_id("a8"),
    "comment": f"{POST}.{sample_id('e1')}",
    "community": COMMUNITY,
    "contact": sample_id("13d1ed7740db"),
    "credential": PERSON,
    "dunning_sequence": sample_id("b03"),
    "feature_flag": "new_feed",
    "feature_override": "new_feed",
    "follow": f"{MEMBER}:{PERSON}",
    "impressions": "7d1f3c9e-6a42-5b43-9f0c-6d6f1c0a9b01",
    "inventory": sample_id("b1"),
    "location": sample_id("d2"),
    "membership": f"{COMMUNITY}.{MEMBER}",
    "metric_snapshot": sample_id("dcb11e9ed481"),
    "order": ORDER,
    "organization": COMMUNITY,
    "post": POST,
    "product": sample_id("b1"),
    "promotion": sample_id("f1"),
    "quota": "users",
    "recovery_attempt": sample_id("fb98544c885a"),
    "recovery_outcome": sample_id("fb98544c885a"),
    "report": f"{POST}.{REPORTER}",
    "reporting": sample_id("b01"),
    "role": sample_id("e1"),
    "sign_in": PERSON,
    "staff": sample_id("b1"),
    "stripe_account": "03f21e7b-6987-563f-a5ae-1edab7ce8d78",
    "subscription_at_risk": sample_id("ceb5b4d7ecc6"),
    "supplier": SUPPLIER,
    "supplier_order": f"{ORDER}.{SUPPLIER}",
    "supplier_rating": f"{sample_id('d1')}.{SUPPLIER}",
    "talent": TALENT,
    "tenant": TENANT,
    "usage": "minutes_transcribed:job-8f41",
    "usage_period": "2026-01",
    "user": PERSON,
    "workspace": sample_id("b01"),
}
SYSTEM_STREAMS = frozenset({"feature_flag"})  # those that belong to no tenant

# By the name of the parameter of a path; `{kind}_id` is the id of that stream.
_PATH: Mapping[str, str] = {
    "aggregate": "user",
    "version": "1",
    "flag": "new_feed",
    "id": PERSON,
    "note_id": sample_id("b8"),
    "platform": "tiktok",
    "return_id": sample_id("f8"),
    "shipment_id": sample_id("f7"),
    "slug": "acme",
    "tag": "baking",
    "step_id": sample_id("9548ed1690d9"),
    "token": "e30.e30.c2lnbmF0dXJl",
    "variant_id": sample_id("d1"),
}


def in_path(name: str) -> str:
    """What stands for a parameter of a path."""
    known = _PATH.get(name) or STREAMS.get(name.removesuffix("_id"))
    if known is None:
        raise LookupError(f'add a sample of the parameter "{name}" in documents/samples/sample_ids.py')
    return known
