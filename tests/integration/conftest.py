"""What every answer of a deployed route has to be, whatever a test looks at."""

import pytest

from support.openapi import undocumented
from troupe.edge.endpoint import Endpoint, Receiver
from troupe.edge.queries import Queries
from troupe.edge.routes import CommandEndpoint


@pytest.fixture(autouse=True, scope="session")
def every_problem_is_documented():
    """openapi.yaml names each status and code that any test gets to see."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in (Endpoint, Receiver, Queries):
            patch.setattr(kind, "__call__", watched(kind.__call__))
        assert CommandEndpoint.__call__ is Endpoint.__call__
        yield


def watched(call):
    def called(self, event, context):
        response = call(self, event, context)
        wrong = undocumented(self, event, response) if "requestContext" in event else ""
        assert not wrong, wrong
        return response

    return called
