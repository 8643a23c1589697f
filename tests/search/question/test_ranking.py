"""The query tree: what each kind of word, phrase and exclusion becomes, held against the whole tree."""

from __future__ import annotations

from typing import Any

import pytest

from search.analysis.analysers import analyser
from search.analysis.tokens import Neighbours, Token
from search.document import TEXT_FIELDS
from search.question import ranking
from search.question.parsing import ParsedQuery
from search.question.synonyms import Clause
from search.question.tree import Best, Bool, Boost, Constant, Everything, Ids, Node, Phrase, Term

GERMAN = analyser("de")


def token(word: str, lemmas: tuple[str, ...] = (), parts: tuple[str, ...] = (), stem: str = "") -> Token:
    loose, is_compound = "" if parts else stem, len(parts) > 1
    return Token(
        word, 0, len(word), word, lemmas or (word,), parts, stem, True, loose_stem=loose, is_compound=is_compound
    )


LESEN = token("lesen", stem="les")
BUECHER = token("buecher", ("buch",))
LESEBUCH = token("lesebuch", parts=("lesen", "buch"))


def nodes(tree: Node) -> list[Node]:
    """Return all nodes of a tree, the root first."""
    children: tuple[Any, ...] = ()
    match tree:
        case Best(inner, _):
            children = inner
        case Bool(must, should, must_not, _):
            children = (*must, *should, *must_not)
        case Boost(child, _) | Constant(child, _):
            children = (child,)
    return [tree, *(node for child in children for node in nodes(child))]


def test_a_word_is_looked_for_in_any_form_inside_compounds_and_as_typed() -> None:
    assert ranking.word_node(BUECHER, ["title"]) == Best(
        (
            Boost(
                Bool(
                    should=(
                        Best((Term("title_terms", "buch"), Boost(Term("title_terms", "+buch"), ranking.PART))),
                        Boost(Term("title_words", "buecher"), ranking.WHOLE),
                    ),
                    minimum=1,
                ),
                ranking.FIELD_BOOSTS["title"],
            ),
        ),
        ranking.FIELD_TIE,
    )


def test_a_base_form_is_not_looked_for_twice() -> None:
    assert not [node for node in nodes(ranking.word_node(LESEN)) if isinstance(node, Term) and "_words" in node.field]


def test_names_are_neither_told_apart_nor_found_inside_compounds() -> None:
    found = [node for node in nodes(ranking.word_node(LESEBUCH)) if isinstance(node, Term)]
    assert {node.value for node in found if node.field == "people_terms"} == {"lesebuch"}


def test_labels_are_a_list_and_hold_no_compound_told_apart() -> None:
    found = [node for node in nodes(ranking.word_node(LESEBUCH)) if isinstance(node, Term)]
    assert {node.value for node in found if node.field == "labels_terms"} == {"lesebuch"}


def test_what_no_lexicon_knows_counts_fully_beside_a_hyphen() -> None:
    teacch = Token("TEACCH", 0, 6, "teacch", ("teacch",), (), "", False, is_whole_in_compounds=True)
    assert ranking.OWN_PART == 1
    assert ranking.word_node(teacch, ["body"]) == Best(
        (Best((Term("body_terms", "teacch"), Term("body_terms", "+teacch"))),), ranking.FIELD_TIE
    )


def test_a_word_no_lexicon_knows_is_also_looked_for_by_its_stem() -> None:
    (unknown,) = GERMAN.words("Zwirbelqwaks")
    assert not unknown.known
    assert Boost(Term("body_terms", "~zwirbelqwak"), ranking.STEM) in nodes(ranking.word_node(unknown))


def test_a_compound_is_also_found_told_apart_with_all_its_parts_in_one_field() -> None:
    together = Bool(
        must=(
            Best((Term("body_terms", "lesen"), Term("body_terms", "+lesen"))),
            Best((Term("body_terms", "buch"), Term("body_terms", "+buch"))),
        )
    )
    assert Boost(together, ranking.SPLIT / 2) in nodes(ranking.word_node(LESEBUCH))


def test_every_text_field_is_searched_with_its_boost() -> None:
    tree = ranking.word_node(LESEN)
    assert isinstance(tree, Best)
    assert [child.factor if isinstance(child, Boost) else 1 for child in tree.children] == [
        ranking.FIELD_BOOSTS[field] for field in TEXT_FIELDS
    ]


def test_an_empty_query_shows_everything() -> None:
    assert ranking.build(ParsedQuery()) == Everything()


def test_only_an_exclusion_shows_everything_else() -> None:
    tree = ranking.build(ParsedQuery(excluded=((BUECHER,),)))
    assert tree == Bool(must=(Constant(Everything(), 1.0),), must_not=(ranking.excluded_node((BUECHER,)),))


def test_an_exclusion_spares_compounds_that_hold_the_word() -> None:
    found = [node for node in nodes(ranking.excluded_node((BUECHER,))) if isinstance(node, Term)]
    assert {node.value for node in found} == {"buecher", "buch"}
    assert not [node for node in found if node.value.startswith(("+", "~"))]


def test_an_excluded_phrase_shuts_out_only_the_phrase() -> None:
    assert ranking.excluded_node((LESEN, BUECHER)) == ranking.phrase_node((LESEN, BUECHER))


def test_all_clauses_must_match_and_nearness_only_adds() -> None:
    words = (LESEN, BUECHER)
    clauses = (Clause((LESEN,)), Clause((BUECHER,)))
    tree = ranking.build(ParsedQuery(clauses=clauses, words=words, neighbours=(Neighbours(*words),)))
    assert isinstance(tree, Bool)
    assert tree.must == (ranking.word_node(LESEN), ranking.word_node(BUECHER))
    assert tree.minimum == 0
    assert tree.should == tuple(
        Boost(Phrase(f"{field}_words", ("lesen", "buecher"), slop), boost)
        for field, (slop, boost) in ranking.PROXIMITY.items()
    )


def test_a_single_word_has_no_nearness() -> None:
    tree = ranking.build(ParsedQuery(clauses=(Clause((LESEN,)),), words=(LESEN,)))
    assert tree == Bool(must=(ranking.word_node(LESEN),))


def test_with_a_minimum_that_many_clauses_suffice() -> None:
    parsed = ParsedQuery(clauses=(Clause((LESEN,)), Clause((BUECHER,)), Clause((LESEBUCH,))), words=())
    tree = ranking.build(parsed, minimum=2)
    clauses = (ranking.word_node(LESEN), ranking.word_node(BUECHER), ranking.word_node(LESEBUCH))
    assert tree == Bool(must=(Bool(should=clauses, minimum=2),))


def test_phrases_and_identifiers_must_match_whatever_the_minimum() -> None:
    parsed = ParsedQuery(
        clauses=(Clause((LESEN,)), Clause((BUECHER,))), phrases=((LESEBUCH,),), identifiers=("9783161484100",)
    )
    tree = ranking.build(parsed, minimum=1)
    assert isinstance(tree, Bool)
    assert tree.must[:2] == (
        ranking.phrase_node((LESEBUCH,)),
        Boost(Term("identifiers", "9783161484100"), ranking.FIELD_BOOSTS["title"]),
    )


def test_other_words_for_it_count_less_than_the_typed_one() -> None:
    tree = ranking.clause_node(Clause((LESEN,), ((BUECHER,),)))
    assert tree == Best((ranking.word_node(LESEN), Boost(ranking.word_node(BUECHER, typed=False), ranking.SYNONYM)))
    assert ranking.SYNONYM < 1


def test_an_expression_needs_all_its_words_in_one_field() -> None:
    tree = ranking.entry_node((LESEN, BUECHER), ["body"])
    (words,) = (node for node in nodes(tree) if isinstance(node, Bool) and node.must)
    assert [Term("body_terms", value) in nodes(node) for node, value in zip(words.must, ("lesen", "buch"), strict=True)]


def test_an_other_way_of_several_words_scores_their_mean_and_is_not_told_apart() -> None:
    tree = ranking.clause_node(Clause((BUECHER,), ((LESEN, LESEBUCH),)))
    assert isinstance(tree, Best)
    assert tree.children[1] == Boost(ranking.entry_node((LESEN, LESEBUCH), typed=False), ranking.SYNONYM / 2)
    assert Term("title_terms", "+buch") not in nodes(tree.children[1])


def test_a_word_also_finds_what_is_derived_from_it() -> None:
    (stoeren,) = GERMAN.words("stören")
    found = nodes(ranking.word_node(stoeren))
    assert Boost(Term("body_terms", "stoerung"), ranking.RELATIVE) in found
    assert Boost(Term("body_terms", "+stoerung"), ranking.RELATIVE * ranking.PART) in found
    assert Term("body_terms", "stoerung") not in nodes(ranking.word_node(stoeren, typed=False))


def test_a_rare_other_word_does_not_beat_the_common_one_that_was_typed() -> None:
    documents = {("locale", "de"): 1000, ("title_terms", "lesen"): 200, ("title_terms", "buch"): 2}

    def count(pairs: list[tuple[str, str]]) -> list[int]:
        return [documents.get(pair, 0) for pair in pairs]

    common, rare = Clause((LESEN,), ((BUECHER,),)), Clause((BUECHER,), ((LESEN,),))
    typed = ParsedQuery((common, rare, Clause((LESEN,))))
    first, second, alone = ranking.weighed(typed, count, "de").clauses
    assert first.weights == (pytest.approx(0.277, abs=0.01),)
    assert second.weights == (1.0,)
    assert alone.weights == ()
    assert ranking.clause_node(first) == Best(
        (
            ranking.word_node(LESEN),
            Boost(ranking.word_node(BUECHER, typed=False), ranking.SYNONYM * first.weights[0]),
        )
    )


def test_of_a_compound_that_is_nowhere_any_part_will_do() -> None:
    tree = ranking.clause_node(Clause((LESEN, BUECHER), is_loose=True))
    assert tree == Bool(should=(ranking.word_node(LESEN), ranking.word_node(BUECHER)), minimum=1)


def test_neighbours_that_make_a_compound_also_lead_to_it() -> None:
    typed = GERMAN.words("Förderung der Sprache")
    words = (typed[0], typed[2])
    clauses = tuple(Clause((word,)) for word in words)
    pairs = GERMAN.neighbours(words)
    tree = ranking.build(ParsedQuery(clauses=clauses, words=words, neighbours=pairs, typed=typed))
    assert Term("title_terms", "sprachfoerderung") in nodes(tree)
    assert Boost(Phrase("title_words", ("foerderung", "der", "sprache"), 1), ranking.TITLE_AS_TYPED) in nodes(tree)


def test_exclusions_hold_for_pins() -> None:
    tree = ranking.build(ParsedQuery(clauses=(Clause((LESEN,)),), excluded=((BUECHER,),)), pins=(7,))
    assert isinstance(tree, Bool)
    assert tree.must_not == (ranking.excluded_node((BUECHER,)),)


def test_pins_lead_in_their_order_above_all_words() -> None:
    parsed = ParsedQuery(clauses=(Clause((LESEN,)),), words=(LESEN,))
    tree = ranking.build(parsed, pins=(7, 3))
    assert tree == Bool(
        should=(
            ranking.build(parsed),
            Constant(Ids((7,)), 2 * ranking.PIN),
            Constant(Ids((3,)), ranking.PIN),
        ),
        minimum=1,
    )


@pytest.mark.parametrize(("count", "most"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (10, 6)])
def test_most_words_are_two_of_three_and_three_of_five(count: int, most: int) -> None:
    assert ranking.most_of(count) == most


def test_boosts_keep_the_order_of_the_ways_to_match() -> None:
    assert ranking.LEMMA == 1 > ranking.SPLIT > ranking.PART > ranking.STEM > ranking.WHOLE > 0
    assert set(ranking.FIELD_BOOSTS) == set(TEXT_FIELDS)
    assert max(ranking.FIELD_BOOSTS.values()) * (ranking.LEMMA + ranking.WHOLE) * 300 < ranking.PIN


def test_a_word_is_in_the_index_when_one_of_its_forms_is() -> None:
    pairs = ranking.looked_up(BUECHER).whole
    assert [pair for pair in pairs if pair[0].startswith("title")] == [
        ("title_terms", "buch"),
        ("title_words", "buecher"),
        ("title_terms", "+buch"),
    ]
    assert {field.rpartition("_")[0] for field, _ in pairs} == set(TEXT_FIELDS)


def test_passages_are_scored_by_any_word_in_the_body() -> None:
    parsed = ParsedQuery(clauses=(Clause((BUECHER,), ((LESEN,),)),), phrases=((LESEBUCH,),))
    tree = ranking.any_word(parsed)
    assert isinstance(tree, Bool)
    assert (len(tree.should), tree.minimum) == (2, 1)
    assert {node.field for node in nodes(tree) if isinstance(node, Term)} == {"body_words", "body_terms"}
