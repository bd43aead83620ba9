# SPDX-License-Identifier: GPL-3.0-or-later
# This file extends localstripe, which is GPL-3, and so is GPL-3 too: a process of its own, imported by none.
"""Starts it on loopback: python -m local.localstripe PORT.

localstripe itself listens on all addresses and keeps its state in a shared temporary file.
"""

import sys
from importlib import import_module

from aiohttp import web
from localstripe import resources

MENDED = (
    "confirmations",  # first: the server takes its routes from the resources when it is imported
    "clock",
    "idempotency",
    "connect",
    "payment_intents",
    "refunds",
)

if __name__ == "__main__":
    for name in MENDED:
        import_module(f"local.localstripe.{name}")
    type(resources.store).dump_to_disk = lambda _self: None
    app = import_module("localstripe.server").app
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
