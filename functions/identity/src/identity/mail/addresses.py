"""Mails about an address: confirm it, accept an invitation, say that it was changed.

A mail to an unconfirmed address has no text that a stranger wrote: otherwise strangers could have their words
sent to any address.
"""

from identity.mail.layout import LINK, template

VERIFY = template(
    "verify",
    "Confirm your e-mail address",
    """
Hello,

Somebody, most likely you, has signed up with {{ place }} and gave this address. Confirm that it is yours and
choose a password, and the account is ready to use:

[Confirm the address]

The link is good for a week at most.

If it was not you, there is nothing to do: without your confirmation nobody can use the account.
""",
    variables=frozenset({"place", LINK}),
)

INVITE = template(
    "invite",
    "You are invited to {{ place }}",
    """
Hello,

{{ place }} has invited you to work with them. Choose a password, and you can sign in:

[Accept the invitation]

The link is good for a week at most.

If you did not expect an invitation, you can ignore this mail.
""",
    variables=frozenset({"place", LINK}),
)

INVITE_TAKEN = template(
    "invite_taken",
    "You are invited to {{ place }}",
    """
Hello,

{{ place }} has invited you to work with them, but this address has an account with another business here
already, and an address can have one account. Ask {{ place }} to invite another address of yours, or change
the address of the other account first.

If you did not expect an invitation, you can ignore this mail.
""",
    variables=frozenset({"place"}),
)

CONFIRM_EMAIL = template(
    "confirm_email",
    "Confirm your new e-mail address",
    """
Hello,

Your account with {{ place }} is to use this address from now on. Confirm that it is yours:

[Confirm the new address]

The link is good for one day and works once. Until then the account keeps its old address.

If you have not asked for this, there is nothing to do: nothing changes without your confirmation.
""",
    variables=frozenset({"place", LINK}),
)

EMAIL_CHANGED = template(
    "email_changed",
    "Your e-mail address was changed",
    """
Hello{{ name }},

Your account with {{ place }} has had another e-mail address since {{ at }}. You sign in with the new one, and
our mails go there; this is the last one to the old address.

If it was not you, tell {{ place }} at once: somebody else may be using your account.
""",
    variables=frozenset({"name", "place", "at"}),
)
