"""Ann, from signing up on: what she was given and what has happened to her."""

from dataclasses import replace

from identity.user.commands import CreateUser
from identity.user.decider import USER
from identity.user.events import (
    LEADER,
    Business,
    Profile,
    UserCreated,
    UserDeleted,
    UserPromoted,
    UserSuspended,
    UserVerified,
)
from support.spec import NOON, Given

ANN = Profile(display_name="Ann")
STUDIO = Business(name="Studio", tax_id="DE1", website_url="https://studio.example")
OWN = "0192f0c1-0000-7000-8000-00000000000e"
ACME = "0192f0c1-0000-7000-8000-00000000000a"
SIGN_UP = CreateUser(kind="consumer", email="ann@example.com", profile=ANN, roles=("consumer",))

user = Given(USER)
created = UserCreated(
    kind="consumer", email="ann@example.com", profile=ANN, roles=("consumer",), created_at=NOON.now
)
staff = replace(created, kind="staff", roles=("staff",), invited=True)
verified, suspended, deleted = UserVerified(), UserSuspended(reason="spam"), UserDeleted(deleted_at=NOON.now)
promoted = UserPromoted(business=STUDIO, permissions=LEADER, roles=("leader",))
HISTORIES = {
    "pending": (created,),
    "active": (created, verified),
    "suspended": (created, verified, suspended),
    "deleted": (created, verified, deleted),
}
