"""The local stack: AWS and Stripe emulated on loopback, and the real template deployed to them."""
