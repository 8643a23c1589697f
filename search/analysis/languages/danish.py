"""Danish: stop words, simplemma's lemmas, Snowball's stems, and compounds (specialundervisning)."""

from __future__ import annotations

from typing import ClassVar

from search.analysis.languages.listed import Listed, words_of


class Danish(Listed):
    """Danish; ikke, uden and ingen carry meaning and are no stop words."""

    language = "da"
    links = ("s", "e")
    no_fronts = words_of("efter fore frem hele imod inde igen mellem over selv samme under uden")
    no_heads = words_of(
        "lighed ligheden ligheder lighederne",
        "hed heden heder hederne lige ligt skab skabs skaber skabet agtig agtige være ende ene erne løse fuld fulde",
    )
    restored: ClassVar[dict[str, str]] = {"ae": "æ", "oe": "ø", "aa": "å", "a": "å"}
    stop_words = words_of(
        "ad af alle alt anden andet andre at begge blev blive bliver da de dem den denne der deres det dette dig din dine",
        "disse dit dog du efter eller en end er et for fra få får før ham han hans har havde have hej hende hendes her",
        "hos hun hvad hvem hver hvilken hvilket hvilke hvis hvor hvordan hvorfor hvornår i ind jeg jer jeres jo kan kom",
        "kommer kunne lige man mange med meget men mens mig min mine mit må nogen noget nogle nu når og også om op os",
        "over på sig sin sine sit skal skulle som så sådan til ud under var ved vi vil ville vor vores være været",
    )
