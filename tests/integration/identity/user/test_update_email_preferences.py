from identity.user.events import EmailPreferences
from support.command_contract import CommandContract
from support.dynamodb import stored_events
from support.identity.tenant import Call
from support.spec import OTHER

NONE = dict.fromkeys(("product_news", "promotions", "community_digest", "new_followers"), False)
update = Call("update_email_preferences", "PUT /me/email-preferences", NONE)


def test_manners(tenant):
    who = tenant.person()
    assert CommandContract(update, given={"principal": who}).check().body == {"id": who, "version": 3}


def test_what_is_put_replaces_what_was_there(tenant):
    who = tenant.person()
    assert tenant.user(who).state.email_preferences == EmailPreferences()
    update(principal=who, body=NONE | {"promotions": True})
    assert tenant.user(who).state.email_preferences == EmailPreferences(**NONE | {"promotions": True})
    assert stored_events("user.email_preferences_updated")[0].data == {
        "email_preferences": NONE | {"promotions": True}
    }


def test_the_same_again_is_no_event(tenant):
    who = tenant.person()
    assert [update(principal=who).body["version"] for _ in range(2)] == [3, 3]


def test_all_are_needed(tenant):
    reply = update(principal=tenant.person(), body={"promotions": True, "product_news": "perhaps"})
    assert reply.status == 422
    assert {each["field"]: each["code"] for each in reply.body["errors"]} == {
        "product_news": "bool_type",
        "community_digest": "missing",
        "new_followers": "missing",
    }


def test_who_has_no_preferences_here_has_none_to_change(tenant):
    assert update().status == 404
    assert update(principal=tenant.person(), tenant_id=OTHER).status == 404
