"""The parts of request bodies that several commands take."""

from typing import Annotated

from identity.user.events import Business
from troupe.domain import limits
from troupe.edge import fields


class BusinessForm(fields.Body):
    name: fields.Name
    tax_id: Annotated[str, limits.Text(min_length=1, max_length=64)] | None = None
    website_url: fields.Url | None = None

    def business(self) -> Business:
        return Business(name=self.name, tax_id=self.tax_id, website_url=self.website_url)
