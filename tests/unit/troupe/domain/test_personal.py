from support.kernel.guest import Came, Guest, Met, Seat
from troupe.domain.personal import blanked, declared

SEAT = Seat(number=7, note="by the window")


def test_declarations_are_on_the_fields():
    assert {name: mark.of for name, mark in declared(Met).items()} == {"told": "guest", "host": "host"}
    assert declared(Seat) == {}


def test_blanks_are_values_or_made_of_the_value():
    came = Came(name="Emily", seat=SEAT, phone="1", badge=1)
    assert blanked(came) == Came(name="", seat=Seat(number=7), phone=None, badge=1)


def test_one_subject_may_be_blanked_alone():
    guest = Guest(name="Emily", seat=SEAT, phone=None, host="Bob")
    assert blanked(guest, "host") == Guest(name="Emily", seat=SEAT, phone=None)


def test_what_declares_nothing_stays_as_it_is():
    assert blanked(SEAT) is SEAT
