"""A tenant with communities, for the tests of community; and its commands."""

from dataclasses import dataclass

from support import handlers
from support.identity.tenant import happened
from support.principals import Scene
from support.stream_events import batch, failed


@dataclass(frozen=True)
class Plaza(Scene):
    """One tenant of the table, and what happens in it without a request."""

    def hears(self) -> None:
        """The context takes in whatever has happened."""
        from community.inbound import handler

        self.people.known(handler)

    def _heard(self, person_id: str) -> str:
        """The context is told of this person; identity's own read models are not asked."""
        from community.inbound import handler

        about = [event for event in happened() if event.aggregate_id == person_id]
        assert failed(handler(batch(*about), None)) == []
        return person_id


class Call(handlers.Call):
    context = "community"


ask = handlers.asking("community")
