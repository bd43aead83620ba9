"""A tenant's communities: who belongs to them, what is posted and said, and who gets to see it."""
