# SPDX-License-Identifier: GPL-3.0-or-later
# This file extends localstripe, which is GPL-3, and so is GPL-3 itself: a process of its own, imported by nothing else.
"""Starts it on loopback: python -m local.localstripe PORT.

localstripe itself listens on all addresses and keeps its state in a shared temporary file.
"""

import sys

from aiohttp import web
from localstripe import resources, server

from local.localstripe import confirmations, connect, idempotency, payment_intents, refunds

assert confirmations and connect and idempotency and payment_intents and refunds  # imported for what they mend

type(resources.store).dump_to_disk = lambda _self: None

if __name__ == "__main__":
    web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
