"""The parts of request bodies of roles."""

from typing import Annotated

from pydantic import Field, StringConstraints

from troupe.security.roles import NAMES

RoleName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


PermissionNames = Annotated[tuple[str, ...], Field(min_length=1, max_length=len(NAMES))]
