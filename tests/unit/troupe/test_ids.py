from datetime import UTC, datetime, timedelta

import pytest

from troupe.ids import is_uuid, new_id, time_of

KNOWN = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
V4 = "919108f7-52d1-4320-9bac-f847db4148a8"


def test_a_new_id_is_a_uuid_of_now():
    before = datetime.now(UTC)
    made = new_id()
    assert is_uuid(made)
    assert made[14] == "7"
    assert before - timedelta(milliseconds=1) < time_of(made) <= datetime.now(UTC)


def test_ids_sort_as_they_were_made():
    made = [new_id() for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_the_time_of_a_known_id():
    # RFC 9562, appendix A.6: February 22, 2022 2:22:22.00 PM GMT-05:00
    assert time_of(KNOWN) == datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "@", "t1", V4, KNOWN.upper(), f"{KNOWN}\n"])
def test_no_time_in_anything_else(text):
    with pytest.raises(ValueError, match="UUIDv7"):
        time_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        KNOWN.upper(),
        KNOWN.replace("-", ""),
        f"{{{KNOWN}}}",
        f"{KNOWN}\n",
        f" {KNOWN}",
        KNOWN[:-1],
        KNOWN[:-1] + "g",
        KNOWN[:-1] + "٣",
    ],
)
def test_what_is_no_uuid(text):
    assert not is_uuid(text)


def test_any_version_is_a_uuid():
    assert is_uuid(V4)
