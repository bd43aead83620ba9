"""A supplier of the demo: a business that signs up, proves what it is, and puts its goods on sale."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from demo.api import Api, StoryError, tokens_by_address, wait_for
from demo.catalogue import CURRENCY, Article
from demo.steps import each
from demo.story import Story
from local.stack.stack import Stack

PASSWORD = "long password of the supplier"
CONFIRM = "Confirm your e-mail address"
LICENCE = b"%PDF-1.4\n% We trade, and may.\n%%EOF\n"
CREATED = 201
ADDRESS = {"line1": "1 Market Street", "city": "Springfield", "postal_code": "62701", "country": "US"}
NUMBERS = {"tax_id": "12-3456789", "registration_number": "C-1234567"}
BANK = {
    "country": "US",
    "currency": CURRENCY,
    "account_number": "000123456789",
    "routing_number": "110000000",
}


@dataclass(frozen=True, slots=True)
class Goods:
    """A product that is there, and its variants by SKU."""

    id: str
    variants: Mapping[str, str]


@dataclass(slots=True)
class Merchant:
    """One supplier. `api` is its own, in commerce, once it has signed in."""

    name: str
    email: str
    id: str = ""
    api: Api | None = None
    location_id: str = ""
    goods: dict[str, Goods] = field(default_factory=dict)  # by the name of the article

    @property
    def shop(self) -> Api:
        if self.api is None:
            raise LookupError(f"{self.name} has not signed in")
        return self.api

    def register(self, visitor: Api, slug: str) -> None:
        body = {"email": self.email, "legal_name": self.name, "country": "US"}
        self.id = visitor.of("commerce").post(f"/tenants/{slug}/suppliers", body, CREATED)["id"]

    def sign_in(self, visitor: Api) -> None:
        self.api = visitor.signed_in(self.email, PASSWORD).of("commerce")

    def submit(self) -> None:
        """Its address, numbers, licence and bank details; then it asks to be reviewed."""
        path = f"/suppliers/{self.id}"
        self.shop.call("PATCH", path, {"address": ADDRESS, **NUMBERS})
        wanted = {
            "kind": "business_license",
            "content_type": "application/pdf",
            "size_bytes": len(LICENCE),
        }
        upload = self.shop.post(f"{path}/documents", wanted, CREATED)["upload"]
        sent = httpx.put(upload["url"], content=LICENCE, headers=upload["headers"], timeout=30)
        if not sent.is_success:
            raise StoryError(f"the licence of {self.name} was not taken: {sent.status_code}")
        self.shop.call("PUT", f"{path}/bank-details", {"account_holder": self.name, **BANK})
        self.shop.post(f"{path}/submit")

    def open(self) -> None:
        """Where it is paid, and where its goods lie."""
        self.shop.post(f"/suppliers/{self.id}/payout-account")
        place = {"name": "Warehouse", "country": "US"}
        self.location_id = self.shop.post("/locations", place, CREATED)["id"]

    def sell(self, article: Article) -> None:
        """The product with what there is of it, on sale."""
        made = self.shop.post("/products", article.body(), CREATED)
        goods = Goods(made["id"], {each["sku"]: each["id"] for each in made["variants"]})
        for variant in article.variants:
            if variant.on_hand is not None:
                self.count(goods, variant.sku, variant.on_hand)
        self.shop.post(f"/products/{goods.id}/publish")
        self.goods[article.name] = goods

    def count(self, goods: Goods, sku: str, on_hand: int) -> None:
        path = f"/products/{goods.id}/variants/{goods.variants[sku]}/inventory/{self.location_id}"
        self.shop.call("PUT", path, {"on_hand": on_hand, "expected_on_hand": 0})


def confirm(stack: Stack, visitor: Api, merchants: Sequence[Merchant]) -> None:
    """All follow the link in the mail that they got, and sign in."""
    wanted = {merchant.email for merchant in merchants}

    def arrived() -> dict[str, str] | None:
        tokens = tokens_by_address(stack, CONFIRM)
        return tokens if wanted <= tokens.keys() else None

    tokens = wait_for("the suppliers' mails", arrived)
    for merchant in merchants:
        link = {"token": tokens[merchant.email], "password": PASSWORD}
        visitor.of("commerce").post("/suppliers/verify-address", link)
        merchant.sign_in(visitor)


def verified(admin: Api) -> Callable[[Merchant], None]:
    """How an admin reviews a supplier, and finds it to be in order."""
    shop = admin.of("commerce")

    def verify(merchant: Merchant) -> None:
        shop.post(f"/suppliers/{merchant.id}/begin-review")
        shop.post(f"/suppliers/{merchant.id}/verify")

    return verify


def shelf(admin: Api) -> list[Mapping[str, Any]]:
    """The products that are on sale."""
    return admin.of("commerce").all("/products")


def local_part(name: str) -> str:
    """Of a supplier's address: a tenant has each address once, so another name needs another."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def traders(story: Story, names: Sequence[str], admin: Api | None = None) -> list[Merchant]:
    """Suppliers of the story's tenant that may sell; the owner reviews them, or an admin."""
    slug, visitor = story.played.slug, story.visitor
    merchants = [Merchant(name, f"{local_part(name)}@{slug}.example.com") for name in names]
    each(merchants, lambda one: one.register(visitor, slug))
    confirm(story.stack, visitor, merchants)
    each(merchants, Merchant.submit)
    each(merchants, verified(admin or story.owner))
    each(merchants, Merchant.open)
    return merchants
