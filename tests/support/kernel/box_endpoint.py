"""A box to be asked for over HTTP."""

from typing import Annotated

from pydantic import Field

from support.kernel.box import BOX, Make
from troupe.edge import fields
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.request import Request, created
from troupe.ids import new_id
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer

BOX_ID = "0192f0c1-0000-7000-8000-00000000b0b0"


class Body(fields.Body):
    word: Annotated[str, Field(min_length=1, max_length=200_000)]


@endpoint(Operation(permission="user:read", body=Body, status=201, largest_body=1000))
def make(request: Request[Body]) -> Answer:
    """Makes a box."""
    ref = Ref(decider=BOX, id=new_id(), creates=True)
    return request.execute(ref, Make(word=request.body.word), reply=created("/boxes/{id}"))
