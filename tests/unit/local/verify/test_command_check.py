"""What make check says of a command that is complete, and of one that is not there yet."""

from dataclasses import make_dataclass
from types import SimpleNamespace

from local.verify.command_check import _events, missing


def test_a_complete_command_lacks_nothing():
    assert list(missing("identity", "suspend_user")) == []


def test_a_missing_command_begins_with_its_class():
    (line,) = missing("identity", "set_status_line")
    assert line.startswith("functions/identity/src/identity/<aggregate>/commands.py: the command")
    assert line.endswith("class SetStatusLine:")


def test_a_command_without_a_route_is_told_which_line_to_write():
    (line,) = missing("commerce", "reserve_chunk")
    assert line.startswith("functions/commerce/src/commerce/order/routes.py: its route")
    assert 'routes.post("/…", ReserveChunk' in line


def test_an_event_without_a_golden_one_is_told_which_line_to_write():
    line_set = make_dataclass("UserStatusLineSet", [("status_line", str)])
    declared = SimpleNamespace(
        stream="user", events={"user.suspended": object, "user.status_line_set": line_set}
    )
    (line,) = _events("identity", declared)
    assert line == (
        "events/identity/user.json: the event, where it happens in the life\n"
        '    {"type": "user.status_line_set", "data": {"status_line": ...}},'
    )
