"""The page types and tags of news, one module per subject."""

from news.models.items import NewsPage, ages_on
from news.models.overview import NewsIndexPage
from news.models.tags import NewsPageTag, NewsTag

__all__ = [
    "NewsIndexPage",
    "NewsPage",
    "NewsPageTag",
    "NewsTag",
    "ages_on",
]
