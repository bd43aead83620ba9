"""A small shop: one connected account with one subscriber, and what it takes to look at it."""

from dataclasses import dataclass

from stripe_simulator import subscribers
from stripe_simulator.model import Account, Card, Charge, Customer, Episode, Invoice, Shape, Subscription
from stripe_simulator.world import World

DAY = 86_400


@dataclass
class Shop:
    world: World
    account: Account
    customer: Customer
    card: Card
    subscription: Subscription

    def types(self, since: int = 0) -> list[str]:
        return [event.type for event in self.world.events[since:]]

    def declines(self, name: str, **episode) -> None:
        self.card.episodes = [Episode(decline=name, **episode)]

    def renew(self) -> Invoice:
        return subscribers.renew(self.world, self.subscription, at_once=True)

    def charges(self) -> list[Charge]:
        return self.world.all(Charge, self.account.id)

    def last(self, type_: str):
        return next(event for event in reversed(self.world.events) if event.type == type_).body["data"][
            "object"
        ]


def opened(shape: Shape = Shape.BASIL, seed: str = "troupe", **account) -> Shop:
    world = World(seed=seed)
    opened_account = world.open_account(shape, **account)
    customer = subscribers.new_customer(
        world, opened_account, email="ada@example.com", timezone="Europe/Berlin"
    )
    card = subscribers.new_card(world, customer)
    subscription = subscribers.subscribe(world, customer, 1900)
    return Shop(world, opened_account, customer, card, subscription)
