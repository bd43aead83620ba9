"""What AWS cannot do just now is 503 with Retry-After, for reads as for writes and whichever service it is."""

from types import SimpleNamespace

import pytest
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from support.kernel.box import BOX, fill
from support.kernel.box_endpoint import BOX_ID, Body
from support.spec import LAMBDA, TENANT, request, send
from troupe.aws import clients, sdk
from troupe.edge.endpoint import Operation, endpoint
from troupe.edge.pages import List
from troupe.edge.request import Request
from troupe.store import table as tables
from troupe.store.aggregates import Ref
from troupe.store.scope import Answer
from troupe.store.transact import load


@endpoint(Operation(permission="user:read", body=Body))
def fill_it(request: Request[Body]) -> Answer:
    return request.execute(Ref(decider=BOX, id=request.id("box_id")), fill(request.body.word))


@endpoint(Operation(permission="user:read"))
def look(request: Request) -> Answer:
    List(tenant_id=TENANT, pk=f"{TENANT}#BOX#{BOX_ID}").page(10)
    return Answer(status=200, body={})


@endpoint(Operation(permission="user:read"))
def ask_a_queue(request: Request) -> Answer:
    clients.sqs().get_queue_url(QueueName="boxes")
    return Answer(status=200, body={})


def answers(code, status):
    return lambda **_: (
        SimpleNamespace(status_code=status),
        {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}},
    )


def raises(error):
    def hook(**_):
        raise error

    return hook


URL = {"endpoint_url": "http://dynamodb"}
PASSING = [
    answers("ThrottlingException", 400),
    answers("ProvisionedThroughputExceededException", 400),
    answers("RequestLimitExceeded", 400),
    answers("InternalServerError", 500),
    answers("Unheard", 503),
    raises(ReadTimeoutError(**URL)),
    raises(ConnectTimeoutError(**URL)),
    raises(EndpointConnectionError(**URL)),
]
LASTING = [answers("AccessDeniedException", 400), answers("ValidationException", 400), raises(KeyError("x"))]


def sent(handler, operation, hook):
    client = clients.sqs() if operation.startswith("sqs") else tables.client()
    client.meta.events.register_first(f"before-call.{operation}", hook)
    return send(handler, request({"word": "x"}, path={"box_id": BOX_ID}) if handler is fill_it else request())


CALLS = [
    (fill_it, "dynamodb.BatchGetItem"),
    (look, "dynamodb.Query"),
    (ask_a_queue, "sqs.GetQueueUrl"),
]


@pytest.mark.parametrize("handler, operation", CALLS)
@pytest.mark.parametrize("hook", PASSING)
def test_an_outage_is_unavailable(box, log, handler, operation, hook):
    reply = sent(handler, operation, hook)
    assert (reply.status, reply.body["code"], reply.headers["retry-after"]) == (503, "unavailable", "1")
    assert '"level":"ERROR"' not in log.getvalue()


@pytest.mark.parametrize("handler, operation", CALLS)
@pytest.mark.parametrize("hook", LASTING)
def test_what_does_not_pass_is_a_fault_of_ours(box, log, handler, operation, hook):
    reply = sent(handler, operation, hook)
    assert (reply.status, reply.body["code"]) == (500, "internal_error")
    assert '"level":"ERROR"' in log.getvalue()


def test_a_flow_gets_the_exception_and_tries_again(box):
    tables.client().meta.events.register_first("before-call.dynamodb.BatchGetItem", PASSING[5])
    with pytest.raises(ReadTimeoutError):
        fill_it({"tenant_id": TENANT, "path": {"box_id": box}, "body": {"word": "x"}}, LAMBDA)


class TestSlowness:
    """A partition that answers too late must not end as a time-out of the function's."""

    @pytest.fixture
    def lambda_of(self):
        return lambda seconds: SimpleNamespace(
            aws_request_id="r1", get_remaining_time_in_millis=lambda: seconds * 1000
        )

    def test_nothing_is_sent_that_would_outlast_the_invocation(self, box, lambda_of):
        asked = request({"word": "x"}, path={"box_id": box})
        late = fill_it(asked, lambda_of(2))
        assert (late["statusCode"], late["headers"]["retry-after"]) == (503, "1")
        assert load(TENANT, BOX, box).version == 1
        assert fill_it(asked, lambda_of(10))["statusCode"] == 200

    def test_three_slow_answers_end_within_the_function_s_ten_seconds(self):
        options = sdk.CONFIG
        slow = options.connect_timeout + options.read_timeout
        assert options.retries["total_max_attempts"] * slow < 10
