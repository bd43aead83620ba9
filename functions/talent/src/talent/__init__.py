"""Talent: the creators of an agency, their accounts, tiers, notes, prices and status."""
