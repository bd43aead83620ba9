"""The kernel: what every context stands on, and what knows none of them."""
