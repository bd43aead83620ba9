"""What a profile may say."""

from datetime import date

from identity.user.events import Kind, Profile
from troupe.domain.decider import Context, Invalid, Rejected


def check_birth_date(birth_date: date | None, context: Context) -> None:
    if birth_date and birth_date > context.now.date():
        raise Invalid("birth_date_in_future", "A date of birth is not in the future.", "birth_date")


def check_business(profile: Profile, kind: Kind) -> None:
    if profile.business and kind != "leader":
        raise Rejected("not_a_leader", "A business belongs to a leader.")
    if profile.business is None and kind == "leader":
        raise Rejected("business_required", "A leader has a business, to be paid.")
