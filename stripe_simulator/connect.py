"""Connecting an account to the platform by OAuth, and ending that (https://docs.stripe.com/connect/oauth-reference)."""

from dataclasses import dataclass
from functools import partial

from stripe_simulator.model import Account
from stripe_simulator.world import APPLICATION, World

CODE_LASTS = 300


class BadGrant(Exception):  # noqa: N818 -- an answer, not a fault
    """The code is unknown, used or too old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    account: Account
    access_token: str
    refresh_token: str


def authorize(world: World, account: Account) -> str:
    """The account's owner agrees: a code, good for five minutes and once."""
    code = world.identifier("ac")
    world.codes[code] = account.id
    world.at(world.now + CODE_LASTS, partial(world.codes.pop, code, None))
    return code


def exchange(world: World, code: str) -> Connected:
    if code not in world.codes:
        raise BadGrant(f"Authorization code does not exist: {code}")
    account = world.get(Account, world.codes.pop(code))
    account.connected = True
    token = "sk_live" if account.livemode else "sk_test"
    return Connected(
        account=account, access_token=world.identifier(token), refresh_token=world.identifier("rt")
    )


def deauthorize(world: World, account: Account) -> None:
    """By either side. From now on the platform may not act for the account, and hears nothing of it."""
    if not account.connected:
        raise BadGrant(f"This application is not connected to stripe account {account.id}")
    account.connected = False
    application = {"id": APPLICATION, "object": "application", "name": "Troupe"}
    world.tell_of(account.id, "account.application.deauthorized", application)
