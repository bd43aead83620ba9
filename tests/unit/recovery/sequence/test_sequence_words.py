"""What a mail must not say: a promise that will not be kept, and what only a card's issuer may tell."""

import pytest

from recovery.sequence.phrase_rules import given_away, plain, promise

PROMISES = (
    "We will try again on Monday.",
    "We'll automatically retry your card.",
    "We\N{RIGHT SINGLE QUOTATION MARK}ll try your card once more tomorrow",
    "No worries, we will retry it",
    "We try again on Monday.",
    "We automatically try your card once more.",
    "Your card will be charged again",
    "The payment will be retried",
    "The next attempt is on Friday",
    "Wir versuchen es erneut",
    "Wir werden die Zahlung am 3. erneut versuchen",
    "Am Montag buchen wir den Betrag noch einmal ab",
    "Der nächste Versuch ist am Montag",
    "Nous réessaierons le 3 mars",
    "Votre carte sera débitée de nouveau",
    "Une nouvelle tentative aura lieu demain",
    "Volveremos a intentar el cobro",
    "Se intentará de nuevo",
    "Haremos un nuevo intento",
)
NONE = (
    "",
    "We will not try again",
    "We won't retry your card",
    "There will be no further attempts",
    "Your access will stop. Please try again with another card.",
    "Please try another card",
    "We ask you to try again with another card",
    "We tried again, and it was declined",
    "Wir werden es nicht erneut versuchen",
    "Es wird keinen weiteren Versuch geben",
    "Bitte versuchen Sie es mit einer anderen Karte",
    "Nous ne réessaierons pas",
    "Aucune nouvelle tentative ne sera faite",
    "No volveremos a intentarlo",
    "No habrá ningún nuevo intento",
)
SECRETS = (
    "Your card was reported lost",
    "a STOLEN card",
    "pick-up card",
    "pickup",
    "suspected fraud",
    "fraudulent",
    "als gestohlen gemeldet",
    "verlorene Karte",
    "Betrugsverdacht",
    "betrügerisch",
    "carte perdue",
    "carte volée",
    "frauduleux",
    "tarjeta robada",
    "tarjeta extraviada",
    "fraude",
    "carta rubata",
    "cartão roubado",
    "gestolen kaart",
    "sto\N{ZERO WIDTH SPACE}len",
)
HARMLESS = (
    "",
    "your access will end",
    "volume",
    "robot",
    "closest",
    "almost",
    "perdurable",
    "a pick of the day",
)


@pytest.mark.parametrize("text", PROMISES)
def test_a_promise_in_four_languages(text):
    assert promise(f"Hello.\n\n{text}\n\nBye.") is not None


@pytest.mark.parametrize("text", NONE)
def test_what_denies_or_asks_is_no_promise(text):
    assert promise(f"Hello.\n\n{text}\n\nBye.") is None


@pytest.mark.parametrize("text", SECRETS)
def test_s49_what_only_the_issuer_may_tell(text):
    """S-49: in no locale, and not by another way of writing it."""
    assert given_away(f"Hello. {text}.") is not None


@pytest.mark.parametrize("text", HARMLESS)
def test_other_words_are_free(text):
    assert given_away(text) is None


def test_plain_is_without_case_accents_and_invisible_characters():
    assert plain("Bétrüg\N{SOFT HYPHEN}S\N{RIGHT SINGLE QUOTATION MARK}") == "betrugs'"
