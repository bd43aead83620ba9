"""A deterministic simulator of customers, cards and Stripe, on a clock it is told; and a server of it.

The same seed and the same calls give the same book, on every machine and at every time of day. `model`,
`world` and the modules above them are pure; `server`, `post` and the routes give them to the real Stripe
library over loopback.
"""
