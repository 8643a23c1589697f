"""What a page must cover to be found: units by rarity, what each kind of match covers, and how rare words are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.tokens import Token
from search.question.coverage import (
    ABSENT_RARITY,
    ANYWHERE,
    ANYWHERE_COVERAGE,
    ENOUGH,
    GENERAL_COVERAGE,
    STRONG,
    UNITS,
    absent,
    all_of,
    covered,
    units,
    weighed,
)
from search.question.parsing import ParsedQuery
from search.question.synonyms import Clause
from search.question.tree import AnyOf, Bool, Node, Phrase, Term


def word(text: str, parts: tuple[str, ...] = (), **values: Any) -> Token:
    token = Token(text, 0, len(text), text, (text,), parts, "", True, is_compound=len(parts) > 1)
    return replace(token, **values)


def clause(text: str, rarity: float = 1.0, **values: Any) -> Clause:
    return Clause((word(text, **values),), rarity=rarity)


def matches(node: Node, page: Mapping[str, set[str]]) -> bool:
    """Return whether a page, its tokens by index field, matches a tree as an engine would say."""
    match node:
        case Term(field, value):
            return value in page.get(field, set())
        case AnyOf(field, values):
            return bool(set(values) & page.get(field, set()))
        case Bool(must, should, must_not, minimum):
            return (
                all(matches(one, page) for one in must)
                and not any(matches(one, page) for one in must_not)
                and sum(matches(one, page) for one in should) >= minimum
            )
    raise NotImplementedError(node)


def finds(clauses: tuple[Clause, ...], page: Mapping[str, set[str]], share: float | None = None) -> bool:
    tree = covered(clauses, share)
    assert tree is not None
    return matches(tree, page)


def saying(*words: str, field: str = "text") -> dict[str, set[str]]:
    return {f"{field}_terms": set(words)}


def test_absent_is_the_share_of_what_was_asked_that_occurs_nowhere() -> None:
    missing, general = (
        clause("bundesliga", rarity=ABSENT_RARITY),
        clause("schule", rarity=ABSENT_RARITY, is_general=True),
    )
    assert absent((clause("tabelle", rarity=2.0),)) == 0.0
    assert absent((missing, clause("tabelle", rarity=2.0))) == pytest.approx(0.8)
    assert absent((missing,)) == 1.0
    assert absent(()) == 0.0
    assert absent((general, clause("tabelle", rarity=2.4))) == pytest.approx(0.5), "a general word says less"


# What is enough ------------------------------------------------------------------------------


def test_nothing_asked_needs_no_cover() -> None:
    assert covered(()) is None
    assert all_of(ParsedQuery()) is None


@pytest.mark.parametrize(("count", "needed"), [(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 2), (7, 2), (11, 3)])
def test_of_equally_rare_words_a_page_must_say_a_fifth(count: int, needed: int) -> None:
    clauses = tuple(clause(f"wort{number}") for number in range(count))
    words = [one.typed[0].word for one in clauses]
    assert not finds(clauses, saying(*words[: needed - 1]))
    assert finds(clauses, saying(*words[:needed]))
    assert finds(clauses, saying(*words))


def test_more_words_never_hide_a_page_that_says_the_rare_one() -> None:
    page = saying("dyspraxie")
    for count in range(1, 8):
        common = tuple(clause(f"wort{number}", rarity=0.5) for number in range(count))
        assert finds((clause("dyspraxie", rarity=6.0), *common), page)


def test_a_common_word_alone_is_not_enough_beside_a_rare_one() -> None:
    clauses = (clause("dyspraxie", rarity=8.0), clause("lesen"), clause("kind"))
    assert not finds(clauses, saying("lesen"))
    assert finds((clause("dyspraxie", rarity=1.0), *clauses[1:]), saying("lesen"))


def test_what_was_asked_is_divided_into_about_as_many_units_by_rarity() -> None:
    assert units((clause("selten", rarity=4.0), clause("mittel", rarity=2.0))) == [(2, 4), (1, 2)]
    assert UNITS == 6


def test_the_most_common_word_has_a_unit_all_the_same() -> None:
    assert units((clause("selten", rarity=8.0), clause("ueberall", rarity=0.0))) == [(3, 6), (1, 1)]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from((0.0, 0.5, 1.0, 3.0, 8.0)), st.sampled_from(("", "text", "labels"))),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from((0.01, ENOUGH, 0.35, 0.5, STRONG, 1.0)),
)
def test_a_page_is_found_that_covers_enough_units(asked: list[tuple[float, str]], share: float) -> None:
    clauses = tuple(clause(f"wort{number}", rarity=rarity) for number, (rarity, _) in enumerate(asked))
    page: dict[str, set[str]] = {"text_terms": set(), "labels_terms": set()}
    for number, (_, field) in enumerate(asked):
        if field:
            page[f"{field}_terms"].add(f"wort{number}")
    covers = {"": (0, 0), "text": (0, 1), "labels": (1, 0)}
    said = [
        half * covers[field][0] + whole * covers[field][1]
        for (half, whole), (_, field) in zip(units(clauses), asked, strict=True)
    ]
    enough = max(1, math.ceil(share * sum(whole for _, whole in units(clauses)) - 1e-9))
    in_any_way = share > ANYWHERE_COVERAGE and all(said)
    assert finds(clauses, page, share) == (sum(said) >= enough or in_any_way)


def test_what_is_enough_by_itself_is_not_counted() -> None:
    tree = covered((clause("eins"), clause("zwei")))
    assert isinstance(tree, Bool)
    assert (len(tree.should), tree.minimum) == (2, 1)


def test_words_that_stand_on_every_page_count_alike() -> None:
    clauses = (clause("eins", rarity=0.0), clause("zwei", rarity=0.0))
    assert finds(clauses, saying("eins"))
    assert finds(clauses, saying("zwei"))
    assert not finds(clauses, saying())


def test_a_word_that_occurs_only_as_its_relative_is_not_absent() -> None:
    held = {("locale", "de"): 100, ("text_terms", "konzentration"): 9, ("text_terms", "ruhe"): 3}

    def rarity_of(text: str, *relatives: str) -> float:
        parsed = ParsedQuery(clauses=(clause(text, relatives=relatives),))
        return weighed(parsed, lambda pairs: [held.get(pair, 0) for pair in pairs], "de").clauses[0].rarity

    assert rarity_of("konzentrieren") == ABSENT_RARITY
    assert rarity_of("konzentrieren", "verkonzentriert") == ABSENT_RARITY
    assert rarity_of("konzentrieren", "verkonzentriert", "konzentration") == rarity_of("konzentration") < ABSENT_RARITY
    # A word that is there is as rare as it is.
    assert rarity_of("ruhe", "konzentration") == rarity_of("ruhe") > rarity_of("konzentration")


def test_a_general_word_covers_less_than_another_as_rare() -> None:
    special, general = clause("epilepsie", rarity=3.0), clause("schule", rarity=3.0, is_general=True)
    assert GENERAL_COVERAGE < 1
    assert finds((special, general), saying("epilepsie"))
    assert not finds((special, general), saying("schule"))
    assert finds((clause("schule", is_general=True), clause("kommen", is_general=True)), saying("schule"))


def test_a_list_by_date_or_title_needs_more() -> None:
    clauses = (clause("eins"), clause("zwei"), clause("drei"))
    assert STRONG > ENOUGH
    assert finds(clauses, saying("eins", "zwei"))
    assert not finds(clauses, saying("eins", "zwei"), STRONG)
    assert finds(clauses, saying("eins", "zwei", "drei"), STRONG)


# What a match covers -------------------------------------------------------------------------


@pytest.mark.parametrize("field", [field for field in ANYWHERE if field != "text"])
def test_a_word_in_labels_keywords_or_names_covers_half_of_one_in_the_text(field: str) -> None:
    clauses = (clause("eins"), clause("zwei"))
    assert finds(clauses, saying("eins"), 0.5)
    assert not finds(clauses, saying("eins", field=field), 0.5)
    assert finds(clauses, saying("eins", field=field), 0.25)
    assert finds((clause("eins"),), saying("eins", field=field)), "a single word is found wherever it stands"


def test_a_match_by_stem_covers_half() -> None:
    clauses = (clause("zwirbeln", loose_stem="zwirbel"), clause("zwei"))
    assert finds(clauses, saying("zwirbeln"), 0.5)
    assert not finds(clauses, saying("~zwirbel"), 0.5)
    assert finds(clauses, saying("~zwirbel"), 0.25)


def test_of_many_words_two_labels_are_not_enough_where_the_text_would_be() -> None:
    clauses = tuple(clause(f"wort{number}") for number in range(3))
    assert finds(clauses, saying("wort0"))
    assert not finds(clauses, saying("wort0", field="labels"))
    assert finds(clauses, saying("wort0", "wort1", field="labels"))


@pytest.mark.parametrize("token", ["lesen", "+lesen", "leser", "+leser"])
def test_a_word_inside_a_compound_and_one_derived_from_it_cover_it_fully(token: str) -> None:
    assert finds((clause("lesen", relatives=("leser",)), clause("zwei")), saying(token), 0.5)


def test_a_compound_is_covered_by_all_its_parts_in_one_field_but_by_none_alone() -> None:
    asked = (clause("lesebuch", parts=("lesen", "buch")),)
    assert finds(asked, saying("lesen", "+buch"))
    assert finds(asked, saying("lesen", "buch", field="keywords"))
    for page in (saying("lesen"), saying("buch"), saying("lesen", "buch", field="labels")):
        assert not finds(asked, page)
    assert not finds(asked, {**saying("lesen"), **saying("buch", field="keywords")})


def test_the_typed_form_covers_where_its_base_form_does_not() -> None:
    asked = (Clause((replace(word("buecher"), lemmas=("buch",)),)),)
    assert finds(asked, {"text_words": {"buecher"}})
    assert finds(asked, saying("buch"))


def test_a_synonym_covers_the_word_but_not_split_nor_by_stem_or_relatives() -> None:
    other = word("lesebuch", ("lesen", "buch"), relatives=("fibelhaft",), loose_stem="leseb")
    asked = (Clause((word("fibel"),), ((other,),)),)
    assert finds(asked, saying("lesebuch"))
    for page in (saying("lesen", "buch"), saying("fibelhaft"), saying("~leseb")):
        assert not finds(asked, page)


def test_an_expression_is_covered_by_all_its_words_in_one_field() -> None:
    asked = (Clause((word("leichte"), word("sprache"))),)
    assert finds(asked, saying("leichte", "sprache"))
    assert not finds(asked, {**saying("leichte"), **saying("sprache", field="labels")})


def test_what_is_filed_under_a_value_that_a_word_names_covers_the_word() -> None:
    asked = (replace(clause("buch"), values=(("type", "book"),)), clause("zwei"))
    assert finds(asked, {"type": {"book"}})
    assert not finds(asked, {"type": {"material"}})


def test_nobody_is_found_by_a_part_of_a_name_or_by_what_is_derived_from_it() -> None:
    asked = (clause("berg", relatives=("bergig",), loose_stem="ber"),)
    assert finds(asked, saying("berg", field="people"))
    for token in ("+berg", "bergig", "~ber"):
        assert not finds(asked, saying(token, field="people"))


# All of it -----------------------------------------------------------------------------------


def test_all_words_in_any_way_are_all_of_it() -> None:
    tree = all_of(ParsedQuery(clauses=(clause("eins"), clause("zwei", loose_stem="zwe"))))
    assert tree is not None
    assert matches(tree, {**saying("~zwe"), **saying("eins", field="labels")})
    assert not matches(tree, saying("eins"))
    assert not matches(tree, saying("zwei"))


def test_phrases_and_identifiers_belong_to_all_of_it() -> None:
    tree = all_of(ParsedQuery(phrases=((word("eins"), word("zwei")),), identifiers=("9783161484100",)))
    assert isinstance(tree, Bool)
    phrase, identifier = tree.must
    assert isinstance(phrase, Bool)
    assert Phrase("text_words", ("eins", "zwei")) in phrase.should
    assert identifier == Term("identifiers", "9783161484100")


# How rare ------------------------------------------------------------------------------------


def rarities(parsed: ParsedQuery, documents: Mapping[tuple[str, str], int], total: int = 1000) -> ParsedQuery:
    held = {("locale", "de"): total, **documents}
    return weighed(parsed, lambda pairs: [held.get(pair, 0) for pair in pairs], "de")


def idf(total: int, frequency: int) -> float:
    return math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))


def test_a_word_is_as_rare_as_its_most_frequent_form_in_texts_or_labels() -> None:
    parsed = ParsedQuery(clauses=(clause("lesen"), clause("uhr")))
    documents = {("text_terms", "lesen"): 3, ("labels_terms", "lesen"): 200, ("text_terms", "+uhr"): 9}
    lesen, uhr = rarities(parsed, documents).clauses
    assert lesen.rarity == pytest.approx(idf(1000, 200))
    assert uhr.rarity == pytest.approx(idf(1000, 9))


def test_a_word_that_stands_nowhere_is_the_rarest_and_no_word_is_rarer() -> None:
    parsed = ParsedQuery(clauses=(clause("qqxyzzy"), clause("selten")))
    absent, rare = rarities(parsed, {("text_terms", "selten"): 1}, total=1_000_000).clauses
    assert absent.rarity == rare.rarity == ABSENT_RARITY
    assert rarities(parsed, {("text_terms", "selten"): 1}, total=100).clauses[1].rarity < ABSENT_RARITY


def test_a_word_that_stands_nowhere_stays_in_what_must_be_covered() -> None:
    """Of a question on something else, a page that says a common word of it is no answer."""
    parsed = ParsedQuery(clauses=(clause("kartoffelsuppe"), clause("kind")))
    assert not finds(rarities(parsed, {("text_terms", "kind"): 500}).clauses, saying("kind"))
    assert finds(rarities(parsed, {("text_terms", "kind"): 5}).clauses, saying("kind"))


def test_a_word_with_a_common_synonym_is_as_rare_as_that() -> None:
    parsed = ParsedQuery(clauses=(Clause((word("lrs"),), ((word("legasthenie"),),)),))
    (found,) = rarities(parsed, {("text_terms", "lrs"): 2, ("text_terms", "legasthenie"): 100}).clauses
    assert found.rarity == pytest.approx(idf(1000, 100))


def test_a_rare_synonym_weighs_less_than_the_common_word_that_was_typed() -> None:
    documents = {("text_terms", "lesen"): 200, ("text_terms", "buch"): 2}
    lesen, buch = word("lesen"), word("buch")
    clauses = (Clause((lesen,), ((buch,),)), Clause((buch,), ((lesen,),)), Clause((lesen,)))
    rare, common, alone = rarities(ParsedQuery(clauses=clauses), documents).clauses
    assert rare.weights == (pytest.approx(idf(1000, 200) / idf(1000, 2)),)
    assert common.weights == (1.0,)
    assert alone.weights == ()


def test_all_words_are_counted_at_once_and_none_without_words() -> None:
    asked: list[int] = []

    def count(pairs: list[tuple[str, str]]) -> list[int]:
        asked.append(len(pairs))
        return [1] * len(pairs)

    weighed(ParsedQuery(clauses=(clause("eins"), clause("zwei"), clause("drei"))), count, "de")
    assert len(asked) == 1
    assert weighed(ParsedQuery(), count, "de") == ParsedQuery()
    assert len(asked) == 1
