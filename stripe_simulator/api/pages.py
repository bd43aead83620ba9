"""Pages for a person with a browser: a business's onboarding, and an invoice that can be paid."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from stripe_simulator import charging, subscribers
from stripe_simulator.model import Account, Capability, Customer, Invoice
from stripe_simulator.platform import accounts, methods
from stripe_simulator.platform.model import AccountLink
from stripe_simulator.simulation import Simulation
from stripe_simulator.world import Missing, Refused, World

PREFIX = "/_pages/"
OK, FOUND, MISSING = 200, 303, 404
CHOICES = ("pm_card_visa", "pm_card_mastercard", "pm_card_visa_chargeDeclinedInsufficientFunds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`location`: where the browser goes on."""

    status: int = OK
    title: str = ""
    content: str = ""
    location: str = ""

    @property
    def html(self) -> bytes:
        title = escape(self.title)
        page = (
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
            f"<main><h1>{title}</h1>{self.content}</main></html>"
        )
        return page.encode()


def _onboarding(world: World, identifier: str) -> Page:
    """An opened link is used; its form leads on."""
    link = world.get(AccountLink, identifier)
    if not accounts.use(world, link):
        return Page(status=FOUND, location=link.refresh_url)
    account = world.get(Account, link.of)
    content = (
        f"<p>{escape(account.name)}, {escape(account.country)}: bank account and persons.</p>"
        '<form method="post"><button name="transfers" value="active">Submit</button> '
        '<button name="transfers" value="pending">Submit, to be verified</button></form>'
    )
    return Page(title="Get paid by the platform", content=content)


def _onboarded(world: World, identifier: str, form: dict[str, str]) -> Page:
    link = world.get(AccountLink, identifier)
    if not link.used:
        return Page(status=FOUND, location=link.refresh_url)
    transfers: Capability = "pending" if form.get("transfers") == "pending" else "active"
    accounts.onboard(world, world.get(Account, link.of), transfers)
    return Page(status=FOUND, location=link.return_url)


def _invoice(world: World, identifier: str, said: str = "") -> Page:
    invoice = world.get(Invoice, identifier)
    owed = f"{invoice.remaining / 100:.2f} {invoice.currency.upper()}"
    if invoice.status not in ("open", "uncollectible"):
        return Page(title=f"Invoice {invoice.number}: {invoice.status}")
    choices = "".join(f"<option>{each}</option>" for each in CHOICES)
    content = (
        f"<p>{escape(said)}</p><p>{owed}</p>"
        f'<form method="post"><select name="card">{choices}</select> <button>Pay</button></form>'
    )
    return Page(title=f"Invoice {invoice.number}", content=content)


def _pay(world: World, identifier: str, form: dict[str, str]) -> Page:
    """With a card of the customer's choice, which is kept where it was good."""
    invoice = world.get(Invoice, identifier)
    test = methods.TESTS.get(form.get("card", ""))
    if test is None:
        return _invoice(world, identifier, "Choose a card.")
    card = methods.new(world, invoice.account, test)
    card.customer = invoice.customer
    try:
        paid = charging.attempt(world, invoice, "customer", card).paid
    except Refused as refused:
        return _invoice(world, identifier, str(refused))
    if not paid:
        return _invoice(world, identifier, "Your card was declined.")
    customer = world.get(Customer, invoice.customer)
    customer.cards.append(card.id)
    subscribers.make_default(world, customer, card)
    return _invoice(world, identifier)


GETS: dict[str, Callable[[World, str], Page]] = {"onboarding": _onboarding, "invoices": _invoice}
POSTS: dict[str, Callable[[World, str, dict[str, str]], Page]] = {
    "onboarding": _onboarded,
    "invoices": _pay,
}


def shown(simulation: Simulation, method: str, path: str, form: dict[str, str]) -> Page:
    """The page of that path."""
    kind, _, identifier = path.removeprefix(PREFIX).partition("/")
    with simulation.lock:
        simulation.tick()
        try:
            if method == "POST" and kind in POSTS:
                return POSTS[kind](simulation.world, identifier, form)
            if method == "GET" and kind in GETS:
                return GETS[kind](simulation.world, identifier)
        except Missing:
            pass
    return Page(status=MISSING, title="There is no such page")
