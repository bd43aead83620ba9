from identity.user.events import EmailPreferences
from support.identity.tenant import Call, Manners, happened
from support.spec import OTHER

NONE = dict.fromkeys(("product_news", "promotions", "community_digest", "new_followers"), False)
update = Call("update_email_preferences", "PUT /me/email-preferences", NONE)


def test_manners(town):
    who = town.person()
    assert Manners(update, given={"principal": who}).check().body == {"id": who, "version": 3}


def test_what_is_put_replaces_what_was_there(town):
    who = town.person()
    assert town.user(who).state.email_preferences == EmailPreferences()
    update(principal=who, body=NONE | {"promotions": True})
    assert town.user(who).state.email_preferences == EmailPreferences(**NONE | {"promotions": True})
    assert happened("user.email_preferences_updated")[0].data == {
        "email_preferences": NONE | {"promotions": True}
    }


def test_the_same_again_is_no_event(town):
    who = town.person()
    assert [update(principal=who).body["version"] for _ in range(2)] == [3, 3]


def test_all_are_needed(town):
    reply = update(principal=town.person(), body={"promotions": True, "product_news": "perhaps"})
    assert reply.status == 422
    assert {each["field"]: each["code"] for each in reply.body["errors"]} == {
        "product_news": "bool_parsing",
        "community_digest": "missing",
        "new_followers": "missing",
    }


def test_who_has_no_preferences_here_has_none_to_change(town):
    assert update().status == 404
    assert update(principal=town.person(), tenant_id=OTHER).status == 404
