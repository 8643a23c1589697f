"""The query tree: what each kind of word, phrase and exclusion becomes, held against the whole tree."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from search.analysis.analysers import analyser
from search.analysis.tokens import Neighbours, Token
from search.document import TEXT_FIELDS
from search.engines.lead import LEAD
from search.question import ranking
from search.question.coverage import ABSENT_RARITY, STRONG, covered
from search.question.parsing import ParsedQuery
from search.question.synonyms import Clause
from search.question.tree import AnyOf, Best, Bool, Boost, Constant, Everything, Node, Phrase, Term
from search.web.forms import QUERY_WORDS

GERMAN = analyser("de")


def built(parsed: ParsedQuery, share: float | None = None) -> Node:
    """Return the tree of a query with what it requires and excludes."""
    return ranking.build(parsed, ranking.required_nodes(parsed), ranking.excluded_nodes(parsed), share)


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
    assert ranking.word_node(BUECHER, ["title"]) == Boost(
        Bool(
            should=(
                Best((Term("title_terms", "buch"), Boost(Term("title_terms", "+buch"), ranking.PART))),
                Boost(Term("title_words", "buecher"), ranking.WHOLE),
            ),
            minimum=1,
        ),
        ranking.FIELD_BOOSTS["title"],
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
    assert ranking.word_node(teacch, ["body"]) == Best((Term("body_terms", "teacch"), Term("body_terms", "+teacch")))


def test_a_word_no_lexicon_knows_is_also_looked_for_by_its_stem() -> None:
    (unknown,) = GERMAN.words("Zwirbelqwaks")
    assert not unknown.known
    assert Boost(Term("text_terms", "~zwirbelqwak"), ranking.STEM) in nodes(ranking.word_node(unknown))


def test_a_compound_is_also_found_told_apart_with_all_its_parts_in_one_field() -> None:
    together = Bool(
        must=(
            Best((Term("text_terms", "lesen"), Term("text_terms", "+lesen"))),
            Best((Term("text_terms", "buch"), Term("text_terms", "+buch"))),
        )
    )
    assert Boost(together, ranking.SPLIT / 2) in nodes(ranking.word_node(LESEBUCH))


def test_every_text_field_is_searched_with_its_boost_and_their_scores_add_up() -> None:
    tree = ranking.word_node(LESEN)
    assert isinstance(tree, Bool)
    assert (tree.must, tree.minimum) == ((), 1)
    assert [child.factor if isinstance(child, Boost) else 1 for child in tree.should] == [
        ranking.FIELD_BOOSTS[field] for field in TEXT_FIELDS
    ]


def test_an_empty_query_shows_everything() -> None:
    assert built(ParsedQuery()) == Everything()


def test_only_an_exclusion_shows_everything_else() -> None:
    tree = built(ParsedQuery(excluded=((BUECHER,),)))
    assert tree == Bool(must=(Constant(Everything(), 1.0),), must_not=(ranking.excluded_node((BUECHER,)),))


def test_an_exclusion_spares_compounds_that_hold_the_word() -> None:
    found = [node for node in nodes(ranking.excluded_node((BUECHER,))) if isinstance(node, Term)]
    assert {node.value for node in found} == {"buecher", "buch"}
    assert not [node for node in found if node.value.startswith(("+", "~"))]


def test_an_excluded_phrase_shuts_out_only_the_phrase() -> None:
    assert ranking.excluded_node((LESEN, BUECHER)) == ranking.phrase_node((LESEN, BUECHER))


def test_covering_enough_is_required_and_everything_else_only_adds() -> None:
    words = (LESEN, BUECHER)
    clauses = (Clause((LESEN,)), Clause((BUECHER,)))
    enough = covered(clauses)
    assert enough is not None
    tree = built(ParsedQuery(clauses=clauses, words=words, neighbours=(Neighbours(*words),)))
    assert isinstance(tree, Bool)
    assert tree.must == (Constant(enough, 0.0),)
    assert tree.minimum == 0
    assert tree.should[:2] == tuple(ranking.scored_clause(clause) for clause in clauses)
    assert tree.should[2 : 2 + len(ranking.PROXIMITY)] == tuple(
        Boost(Phrase(f"{field}_words", ("lesen", "buecher"), slop), boost)
        if boost != 1
        else Phrase(f"{field}_words", ("lesen", "buecher"), slop)
        for field, (slop, boost) in ranking.PROXIMITY.items()
    )


def test_a_single_word_has_no_nearness() -> None:
    tree = built(ParsedQuery(clauses=(Clause((LESEN,)),), words=(LESEN,)))
    assert not [node for node in nodes(tree) if isinstance(node, Phrase)]


def test_a_page_that_holds_all_words_gains_and_one_that_does_in_its_title_gains_more() -> None:
    clauses = (Clause((LESEN,)), Clause((BUECHER,)))
    tree = built(ParsedQuery(clauses=clauses, words=(LESEN, BUECHER)))
    assert isinstance(tree, Bool)
    gains = {node.score: node.child for node in tree.should if isinstance(node, Constant)}
    assert set(gains) == {ranking.ALL_WORDS, ranking.ALL_IN_TITLE}
    assert ranking.ALL_IN_TITLE > ranking.ALL_WORDS > 0
    assert gains[ranking.ALL_WORDS] == Bool(must=tuple(ranking.clause_node(clause) for clause in clauses))
    in_title = gains[ranking.ALL_IN_TITLE]
    assert isinstance(in_title, Bool)
    assert len(in_title.must) == 2
    assert {node.field for node in nodes(in_title) if isinstance(node, Term)} <= {"title_terms", "title_words"}


def test_the_share_that_must_be_covered_is_the_callers() -> None:
    clauses = (Clause((LESEN,)), Clause((BUECHER,)), Clause((LESEBUCH,)))
    enough, strong = (built(ParsedQuery(clauses=clauses), share) for share in (None, STRONG))
    assert isinstance(enough, Bool)
    assert isinstance(strong, Bool)
    for tree, share in ((enough, None), (strong, STRONG)):
        (required,) = tree.must
        assert isinstance(required, Constant)
        assert (required.child, required.score) == (covered(clauses, share), 0.0)
    assert enough.must != strong.must
    assert enough.should == strong.should


@pytest.mark.parametrize("share", [0.01, None, 1.0])
def test_phrases_and_identifiers_must_match_whatever_the_share(share: float | None) -> None:
    parsed = ParsedQuery(
        clauses=(Clause((LESEN,)), Clause((BUECHER,))), phrases=((LESEBUCH,),), identifiers=("9783161484100",)
    )
    tree = built(parsed, share)
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
    assert Boost(Term("text_terms", "stoerung"), ranking.RELATIVE) in found
    assert Boost(Term("text_terms", "+stoerung"), ranking.RELATIVE_PART) in found
    assert Term("text_terms", "stoerung") not in nodes(ranking.word_node(stoeren, typed=False))


def test_a_rare_other_word_does_not_beat_the_common_one_that_was_typed() -> None:
    clause = Clause((LESEN,), ((BUECHER,),), (0.25,))
    assert ranking.clause_node(clause) == Best(
        (ranking.word_node(LESEN), Boost(ranking.word_node(BUECHER, typed=False), ranking.SYNONYM * 0.25))
    )


def test_one_part_of_a_compound_adds_little_and_only_where_it_is_stated() -> None:
    parts = [
        Boost(Best((Term(f"{field}_terms", part), Term(f"{field}_terms", f"+{part}"))), ranking.LOOSE * boost)
        for field, boost in ranking.FIELD_BOOSTS.items()
        for part in ("lesen", "buch")
        if field in ("text", "title")
    ]
    found = nodes(ranking.scored_clause(Clause((LESEBUCH,))))
    assert [node for node in found if isinstance(node, Boost) and node.factor in {one.factor for one in parts}] == parts
    assert not set(parts) & set(nodes(ranking.clause_node(Clause((LESEBUCH,)))))


def test_a_word_that_names_a_value_also_scores_what_is_filed_under_it() -> None:
    tree = ranking.scored_clause(Clause((BUECHER,), values=(("type", "book"),)))
    assert Constant(AnyOf("type", ("book",)), ranking.VALUE) in nodes(tree)


def test_rarer_words_count_more_and_general_ones_less() -> None:
    def weight(clause: Clause) -> float:
        tree = ranking.scored_clause(clause)
        return tree.factor if isinstance(tree, Boost) and tree.child == ranking.clause_node(clause) else 1.0

    usual = Clause((LESEN,), rarity=ranking.USUAL_RARITY)
    general = Clause((replace(LESEN, is_general=True),), rarity=ranking.USUAL_RARITY)
    assert weight(usual) == 1
    assert weight(replace(usual, rarity=2 * ranking.USUAL_RARITY)) == pytest.approx(2**ranking.RARITY)
    assert weight(replace(usual, rarity=1.0)) < 1
    assert weight(general) == pytest.approx(ranking.GENERAL)


def test_a_full_answer_scores_as_its_rare_words_ask() -> None:
    common, rare = Clause((LESEN,), rarity=1.0), Clause((BUECHER,), rarity=6.0)
    one, other, both = (
        ranking.full_score(ParsedQuery(clauses=found)) for found in ((common,), (rare,), (common, rare))
    )
    assert 0 < one < other
    assert both == pytest.approx(one + other)
    assert ranking.full_score(ParsedQuery()) == 0


def test_neighbours_that_make_a_compound_also_lead_to_it() -> None:
    typed = GERMAN.words("Förderung der Sprache")
    words = (typed[0], typed[2])
    clauses = tuple(Clause((word,)) for word in words)
    pairs = GERMAN.neighbours(words)
    tree = built(ParsedQuery(clauses=clauses, words=words, neighbours=pairs, typed=typed))
    assert Term("title_terms", "sprachfoerderung") in nodes(tree)
    assert Boost(Phrase("title_words", ("foerderung", "der", "sprache"), 1), ranking.TITLE_AS_TYPED) in nodes(tree)


def test_exclusions_hold_whatever_is_scored() -> None:
    tree = built(ParsedQuery(clauses=(Clause((LESEN,)),), excluded=((BUECHER,),)))
    assert isinstance(tree, Bool)
    assert tree.must_not == (ranking.excluded_node((BUECHER,)),)


def test_boosts_keep_the_order_of_the_ways_to_match() -> None:
    assert ranking.LEMMA == 1 > ranking.PART > ranking.LOOSE > 0
    assert ranking.LEMMA > ranking.STEM > 0
    assert ranking.LEMMA > ranking.RELATIVE > ranking.RELATIVE_PART > 0
    assert ranking.LEMMA > ranking.SPLIT > ranking.LOOSE
    assert ranking.LEMMA > ranking.SYNONYM > 0
    assert set(ranking.FIELD_BOOSTS) == set(TEXT_FIELDS)


def test_no_words_score_as_high_as_what_leads() -> None:
    """Not even as many as may be asked for, each in one of a million pages and said over and over in every field."""
    bm25 = 2.2 * math.log(1_000_000)
    word = bm25 * sum(ranking.FIELD_BOOSTS.values()) * (ranking.LEMMA + ranking.WHOLE)
    rarest = (ABSENT_RARITY / ranking.USUAL_RARITY) ** ranking.RARITY
    assert QUERY_WORDS * word * rarest < LEAD
    assert math.log2(LEAD).is_integer(), "sums of powers of two are exact in 32 bits"


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
