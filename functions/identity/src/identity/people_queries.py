"""What may be asked about people: users, follows, roles, histories and the day's figures."""
