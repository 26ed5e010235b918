"""How easily a text reads: Flesch for English, Douma's version of it for Dutch."""

import re
from functools import cache

from pyphen import Pyphen

_DICTIONARIES = {"nl": "nl_NL", "en": "en_US"}
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_ENDS = re.compile(r"[.!?:…](?=\s|$)")


def reading_ease(texts: list[str], language: str) -> float:
    """From 0, for scholars, to 100 and over, for a child of ten; a text ends its last sentence.

    Sources: Flesch (1948), "A new readability yardstick", for English; Douma (1960), "De
    leesbaarheid van landbouwbladen", for Dutch: 206.84 - 0.77 * syllables in 100 words - 0.93 *
    words in a sentence. From 80 on both call a text easy. Numbers count as no words. Syllables are
    the places at which Pyphen would hyphenate, and one.
    """
    said = [sentence for text in texts for sentence in sentences(text)]
    words = [word for sentence in said for word in _WORD.findall(sentence)]
    syllables = sum(_syllables(word, language) for word in words)
    in_a_word, in_a_sentence = syllables / len(words), len(words) / len(said)
    if language == "nl":
        return 206.84 - 77 * in_a_word - 0.93 * in_a_sentence
    return 206.835 - 84.6 * in_a_word - 1.015 * in_a_sentence


def sentences(text: str) -> list[str]:
    """The sentences of a text that have words."""
    return [one.strip() for one in _SENTENCE_ENDS.split(text) if _WORD.search(one)]


def words_in(sentence: str) -> int:
    """How many words a sentence has."""
    return len(_WORD.findall(sentence))


@cache
def _syllables(word: str, language: str) -> int:
    return len(_pyphen(language).positions(word.lower())) + 1


@cache
def _pyphen(language: str) -> Pyphen:
    return Pyphen(lang=_DICTIONARIES[language], left=1, right=1)
