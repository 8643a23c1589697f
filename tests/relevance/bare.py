"""What an untrained engine does: tantivy with its German stemmer on title and text, nothing of ours."""

from __future__ import annotations

from collections.abc import Callable

import tantivy

from search.question.request import PAGE_SIZE
from tests.relevance.collection import Collection

FIELDS = ["title", "text"]


def bare_tantivy(collection: Collection) -> Callable[[str], list[str]]:
    """Return a call that answers a question with ids of rows; any of its words may match, in either field."""
    builder = tantivy.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw")
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name="german")
    index = tantivy.Index(builder.build())
    tokens = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    index.register_tokenizer("german", tokens.filter(tantivy.Filter.stemmer("german")).build())
    # One thread: with several the documents lie in segments by chance, and equal scores in another order.
    writer = index.writer(num_threads=1)
    for row in collection.rows:
        text = "\n".join((row["text"], row.get("body", "")))
        writer.add_document(tantivy.Document(id=row["_id"], title=row["title"], text=text))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def answer(text: str) -> list[str]:
        query, _ = index.parse_query_lenient(text, FIELDS)
        return [searcher.doc(address)["id"][0] for _, address in searcher.search(query, PAGE_SIZE).hits]

    return answer
