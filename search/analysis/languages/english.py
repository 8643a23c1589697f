"""English: stop words, simplemma's lemmas and Snowball's stems. Its compounds are written apart."""

from __future__ import annotations

from search.analysis.languages.listed import Listed, words_of


class English(Listed):
    """English; not, no and without carry meaning and are no stop words."""

    language = "en"
    stop_words = words_of(
        "a about after all also am an and any are as at be because been before being between both but by can could did do",
        "does doing during each for from had has have having he her here hers him his how i if in into is it its just may",
        "me might more most my of off on once only or other our ours out over own s same she should so some such t than",
        "that the their theirs them then there these they this those through to too under until up very was we were what",
        "when where which while who whom why will with would you your yours",
    )
