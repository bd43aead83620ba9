"""Payments apart from invoices, connected accounts, transfers, payouts and balances."""
