"""Tenants and their people: who they are, how they sign in, what they may do and use."""
