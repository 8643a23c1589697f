"""The page types of the library, one module per subject."""

# In the order in which filters offer the types.
# isort: off
from library.models.filing import PageTopic
from library.models.entry import LibraryPage, RelatedPage
from library.models.shelf import LibraryIndexPage
from library.models.material import MaterialFile, MaterialPage
from library.models.book import BookPage
from library.models.case_study import (
    CasePartner,
    CaseStudyPage,
    CaseStudyPerson,
    CaseStudyPicture,
    CaseStudyQuote,
    UsedMaterial,
)
from library.models.practice import PracticeIndexPage
from library.models.collection import CollectionItem, CollectionPage
# isort: on

__all__ = [
    "BookPage",
    "CasePartner",
    "CaseStudyPage",
    "CaseStudyPerson",
    "CaseStudyPicture",
    "CaseStudyQuote",
    "CollectionItem",
    "CollectionPage",
    "LibraryIndexPage",
    "LibraryPage",
    "MaterialFile",
    "MaterialPage",
    "PageTopic",
    "PracticeIndexPage",
    "RelatedPage",
    "UsedMaterial",
]
