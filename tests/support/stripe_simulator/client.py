"""The simulated Stripe, served, and the real Stripe library that asks it."""

import httpx
import stripe

from local.stack.http_client import certificates


class Served:
    """A shop, its server and a client of it."""

    def __init__(self, simulation, shop, url):
        self.simulation, self.shop, self.url = simulation, shop, url
        self.options = {"stripe_account": shop.account.id}
        self.v1 = self.client().v1

    def client(self, key="sk_test_1", **options):
        bases = {"api": self.url, "connect": self.url, "files": self.url, "meter_events": self.url}
        return stripe.StripeClient(key, base_addresses=bases, client_id="ca_1", **options)

    def keyed(self, key):
        return {**self.options, "idempotency_key": key}

    def world(self, path, /, **asked):
        return httpx.post(f"{self.url}/_world/{path}", json=asked, timeout=60, verify=certificates())

    def failed(self, decline="insufficient_funds"):
        self.shop.declines(decline)
        return self.shop.renew()
