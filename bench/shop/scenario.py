"""Who calls the shop's commands, and with what, when each of them is called once."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import httpx

from bench.scenario import PASSWORD, Event, World, direct, http
from bench.shop.bench_shop import ADDRESS
from bench.steps import Step
from demo.card_holder import GOOD
from demo.catalogue import CURRENCY
from demo.merchant import ADDRESS as SEAT
from demo.merchant import BANK, LICENCE, NUMBERS

SUPPLIER, CUSTOMER, LEADER, OTHER, OWNER = "supplier", "ann", "lee", "ben", "owner"
ROLES = {SUPPLIER: "supplier", CUSTOMER: "consumer", OTHER: "leader", LEADER: "leader"}  # the owner has all
SHIPPING = {
    "from_country": "US",
    "zones": [{"countries": ["US"], "cost_cents": 400, "days_min": 2, "days_max": 6}],
}
PRODUCT = {"name": "Measured", "category": "Goods", "currency": CURRENCY, "shipping": SHIPPING}

type Body = Mapping[str, Any] | Callable[[World], Any] | None
type Named = str | Callable[[World], str]


def by(
    person: str, command: str, body: Body = None, keep: Mapping[str, str] | None = None, **path: Named
) -> Step:
    """A call; the path, and what a body is made of, name what earlier steps have kept of their answers."""

    def event(world: World) -> Event:
        given = body(world) if callable(body) else body
        names = {"slug": world.slug, **world.known}
        named = {
            name: kept(world) if callable(kept) else names.get(kept, kept) for name, kept in path.items()
        }
        return http(given, named, _caller(world, person))

    return Step(command=command, event=event, keep=tuple((keep or {}).items()))


def _caller(world: World, person: str) -> dict[str, Any] | None:
    if not person:
        return None
    if person not in ROLES:
        return world.caller(person)
    own = sorted(import_module("troupe.security.roles").BUILT_IN[ROLES[person]])
    return world.caller(person, kind="supplier" if person == SUPPLIER else "user", permissions=own)


def now() -> datetime:
    """By the stack's clock."""
    instant: datetime = import_module("troupe.clock").now()
    return instant


def timer(command: str, later: timedelta = timedelta(), **path: str) -> Step:
    """What a timer, a flow or a sweep calls."""

    def event(world: World) -> Event:
        return direct(world.tenant_id, {}, {name: world.id(kept) for name, kept in path.items()})

    return Step(command=command, event=event, later=later)


def sign_up(world: World) -> Mapping[str, Any]:
    address = f"measured@{world.slug}.example.com"
    return {"email": address, "legal_name": "Measured", "country": "US"}


def confirmation(world: World) -> Mapping[str, Any]:
    """What the supplier's mail would say."""
    links, store, credential = (
        import_module(each)
        for each in ("commerce.supplier.email_links", "troupe.store.transact", "troupe.security.credential")
    )
    who = store.load(world.tenant_id, credential.CREDENTIAL, world.id(SUPPLIER)).state
    secrets = import_module("troupe.security.secrets")
    url: str = links.url(world.tenant_id, world.id(SUPPLIER), who, secrets.signing_keys())
    return {"token": url.partition("#token=")[2], "password": PASSWORD}


def record(_: World) -> Mapping[str, Any]:
    return {"address": SEAT, **NUMBERS}


def licence(_: World) -> Mapping[str, Any]:
    return {"kind": "business_license", "content_type": "application/pdf", "size_bytes": len(LICENCE)}


def sent(world: World) -> None:
    """The licence goes to the bucket; there is nothing to say in the submission itself."""
    upload: Any = world.known["upload"]
    httpx.put(upload["url"], content=LICENCE, headers=upload["headers"], timeout=30).raise_for_status()


def bank(_: World) -> Mapping[str, Any]:
    return {"account_holder": "Measured", **BANK}


def product(sku: str) -> Mapping[str, Any]:
    return {**PRODUCT, "variants": [{"sku": sku, "price_cents": 2_500}]}


def main_variant(world: World) -> str:
    """The first variant of the product that was made last: the one that is sold."""
    made: Any = world.known["variants"]
    return str(made[0]["id"])


def basket(world: World) -> Mapping[str, Any]:
    line = {"product_id": world.id("product"), "variant_id": main_variant(world), "quantity": 2}
    return {"lines": [line], "address": ADDRESS}


def paid(_: World) -> Mapping[str, Any]:
    return {"payment_method": GOOD}


def one_unit(_: World) -> Mapping[str, Any]:
    return {"lines": [{"line_id": "1", "quantity": 1}]}
