"""A year of a workspace with thousands of invoices, on a simulated clock: one book under several policies."""
