"""Failed renewals of a tenant's subscriptions, won back: what is retried, who is written to, when it ends."""
