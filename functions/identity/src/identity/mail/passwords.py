"""Mails about a password: choose a new one, say that it was changed, say that guessing was stopped."""

from identity.mail.layout import LINK, template

RESET = template(
    "reset",
    "Choose a new password",
    """
Hello{{ name }},

Somebody, most likely you, has asked to reset the password of your account with {{ place }}. Choose a new one
here:

[Choose a new password]

The link is good for one hour and works once. Whoever is signed in with the old password is signed out.

If it was not you, there is nothing to do: your password stays as it is.
""",
    variables=frozenset({"name", "place", LINK}),
)

PASSWORD_CHANGED = template(
    "password_changed",
    "Your password was changed",
    """
Hello{{ name }},

The password of your account with {{ place }} was changed on {{ at }}. Whoever was signed in with the old one
is signed out.

If it was not you, reset your password now, and tell {{ place }}: somebody else may know it.
""",
    variables=frozenset({"name", "place", "at"}),
)

LOCKED = template(
    "locked",
    "Signing in to your account is locked for a while",
    """
Hello{{ name }},

There were {{ attempts }} wrong passwords for your account with {{ place }}, so nobody can sign in before
{{ until }}. After that, everything is as before.

If you have forgotten your password, reset it: that lifts the lock at once.

If it was not you, somebody is guessing. A long password that you use nowhere else keeps them out.
""",
    variables=frozenset({"name", "place", "attempts", "until"}),
)
