"""The parts of request bodies of roles."""

from typing import Annotated

from pydantic import Field

from troupe.domain import limits
from troupe.security.roles import NAMES

RoleName = Annotated[str, limits.Text(strip_whitespace=True, min_length=1, max_length=60)]


PermissionNames = Annotated[tuple[str, ...], Field(min_length=1, max_length=len(NAMES))]
