"""What the search stores in the database; each model lives in the module of its subject."""

from search.models.editorial import LexiconWord, Pin, SynonymSet
from search.models.embeddings import Embedding, EmbeddingSource, PageToEmbed
from search.models.outbox import ChangeNumber, DatabaseIdentity, OutboxEntry
from search.models.usage import MissingCount, PendingCount, QueryCount, SearchVerdict, UnknownWord

__all__ = [
    "ChangeNumber",
    "DatabaseIdentity",
    "Embedding",
    "EmbeddingSource",
    "LexiconWord",
    "MissingCount",
    "OutboxEntry",
    "PageToEmbed",
    "PendingCount",
    "Pin",
    "QueryCount",
    "SearchVerdict",
    "SynonymSet",
    "UnknownWord",
]
