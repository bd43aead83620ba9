"""A shop in which commerce is measured: a tenant, clients who buy, and suppliers who sell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from demo.api import Api
from demo.merchant import Merchant, traders
from demo.people import newcomers
from demo.story import Story
from local.stack.stack import Stack

ADDRESS = {
    "name": "A buyer",
    "line1": "1 Main Street",
    "city": "Erie",
    "postal_code": "16501",
    "country": "US",
}


@dataclass(frozen=True, slots=True)
class Stall:
    """`clients`: customers, each with a connection of its own."""

    story: Story
    clients: list[Api]

    def traders(self, names: Sequence[str]) -> list[Merchant]:
        return traders(self.story, names)

    def basket(self, lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
        return {"lines": list(lines), "address": ADDRESS}


def opened(stack: Stack, clients: int) -> Stall:
    story = Story(stack, newcomers(clients))
    story.provision()
    story.sign_up()
    story.verify()
    signed_in = [story.visitor.signed_in(each.email, each.password) for each in story.people]
    return Stall(story, [each.of("commerce") for each in signed_in])
