"""The parts of request bodies that several commands take."""

from typing import Annotated

from pydantic import Field, StringConstraints

from identity.user_events import Business
from troupe import fields
from troupe.permissions import NAMES

RoleName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
PermissionNames = Annotated[tuple[str, ...], Field(min_length=1, max_length=len(NAMES))]


class BusinessForm(fields.Body):
    name: fields.Name
    tax_id: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    website_url: fields.Url | None = None

    def business(self) -> Business:
        return Business(name=self.name, tax_id=self.tax_id, website_url=self.website_url)
