"""Who may import whom, and what does not hold yet: the tables of `test_layers.py`, as docs/architecture.md draws them."""

from __future__ import annotations

_FLOOR = {"core"}
_BELOW_PAGES = {"core", "media", "vocabularies", "content"}
_PAGES = {*_BELOW_PAGES, "directory", "library", "events", "news"}
_ENTRANCES = {*_PAGES, "search"}

MAY_IMPORT: dict[str, set[str]] = {
    "core": set(),
    "media": _FLOOR,
    "vocabularies": _FLOOR,
    "content": {"core", "media", "vocabularies"},
    "directory": _BELOW_PAGES,
    "library": {*_BELOW_PAGES, "directory"},
    "events": {*_BELOW_PAGES, "directory"},
    "news": {*_BELOW_PAGES, "directory"},
    "search": {"core", "vocabularies"},
    "visitors": _ENTRANCES,
    "exchange": _ENTRANCES,
    "home": {*_ENTRANCES, "visitors", "exchange"},
    "demo": {*_ENTRANCES, "visitors", "exchange", "home"},
    "config": {*_ENTRANCES, "visitors", "exchange", "home"},
}
"""What each app may import of the others. Nobody imports `demo`."""

_ASKING = {"document", "models", "analysis", "facets", "words"}

SEARCH_MAY_IMPORT: dict[str, set[str]] = {
    "analysis": set(),
    "document": {"analysis"},
    "models": {"analysis"},
    "words": {"analysis", "models"},
    "facets": set(),
    "question": {*_ASKING},
    "engines": {*_ASKING, "question"},
    "index": {*_ASKING, "engines", "question"},
    "answer": {*_ASKING, "engines", "question", "usage"},
    "page": {*_ASKING, "answer", "engines", "question"},
    "usage": {*_ASKING, "engines", "question"},
    "web": {*_ASKING, "answer", "engines", "page", "question", "usage"},
    "editors": {*_ASKING, "answer", "engines", "index", "page", "question", "usage", "web"},
    "templatetags": {*_ASKING, "answer", "engines", "page", "question"},
    "management": {*_ASKING, "engines", "index", "question"},
    "checks": {*_ASKING, "engines", "question"},
    "apps": {"checks", "index", "models", "usage"},
    "urls": {"web"},
    "wagtail_hooks": {"editors"},
}
"""The steps of the search: `web > page > answer > engines > question > facets | analysis`, and
`index > engines`; `index` and `answer` do not know each other."""

DOORS: dict[str, set[str]] = {
    "config.api": {"config.api.pages"},
    "content.blocks": {"content.blocks.body", "content.blocks.text"},
    "directory.importers": {"directory.importers.networks"},
    "exchange.amb": {"exchange.amb.concepts", "exchange.amb.pages"},
    "media.extraction": {"media.extraction.process", "media.extraction.outcome"},
    "media.metadata": {"media.metadata.strip"},
    "search.analysis": {"search.analysis.analysers", "search.analysis.tokens"},
    "search.answer": {"search.answer.service"},
    "search.engines": {"search.engines.base", "search.engines.current"},
    "search.engines.elasticsearch": {"search.engines.elasticsearch.engine"},
    "search.engines.embedded": {"search.engines.embedded.engine"},
    "search.facets": {"search.facets.facets", "search.facets.labels"},
    "search.index": {"search.index.outbox", "search.index.drain"},
    "search.page": {"search.page.results"},
    "search.question": {"search.question.request", "search.question.tree"},
    "search.usage": {"search.usage.tally"},
}
"""Modules by which a folder is entered from outside; that of models is their package. Analysis, engines and questions have two:
who analyses beside the values that come of it, the protocol beside the one that is chosen, the request beside the tree that both sides of an engine speak."""

OPEN_FOLDERS = {
    "config.http",
    "core.declared",
    "core.editing",
    "core.importing",
    "core.output",
    "core.running",
    "core.templatetags",
    "media.serving",
    "search.editors",
    "search.web",
}
"""Folders whose modules are subjects of their own, each entered by itself."""

EXCEPTIONS: dict[str, dict[str, str]] = {
    "apps": {
        "search.answer.service > content.citations": "a Reference is to become a value of `core.declared`",
        "search.facets.labels > library.models": "topics of public pages are to be declared by their facet's source",
        "search.index.signals > library.models": "links of topics are to be announced by whoever owns them",
        "search.page.results > content.citations": "a Reference is to become a value of `core.declared`",
    },
    "strings": {
        "config.api.pages > related_model": "checks values of whatever relation the API filters by",
        "library.serializers > related_model": "serialises whatever a row points to",
        "search.checks > related_model": "asks each field of concepts whether it is one",
        "search.index.concerned > related_model": "follows whatever field refers to a page",
        "vocabularies.models.concepts > related_model": "follows whatever field refers to a concept",
        "vocabularies.use > related_model": "follows whatever field refers to a concept",
    },
    "search": {
        "search.answer.service > search.page.addresses": "the service still makes links",
        "search.answer.service > search.page.results": "the service still makes what people see",
        "search.answer.service > search.web.forms": "the service still knows how far the page reaches",
        "search.answer.similar > search.page.results": "similar entries are made as hits at once",
        "search.answer.suggestions > search.page.addresses": "suggestions bring their address",
        "search.usage.tally > search.page.results": "counts what a result says of itself",
    },
    "doors": {
        "search.answer.similar": "similar entries have no part in a search",
        "search.answer.suggestions": "suggestions have no part in a search",
        "search.index.condition": "health and the command ask whether the index is whole",
        "search.index.reading": "how many processes read is the command's to say",
        "search.index.rebuild": "the command builds",
        "search.index.signals": "connected when the app is ready",
        "search.index.verify": "the command compares",
        "search.page.addresses": "links of the search are still made in three places",
        "search.question.editorial": "pins and synonyms are asked for by the answer",
        "search.question.parsing": "the service still parses",
        "search.question.ranking": "the service still weighs",
    },
    "circles": {},
    "lines": {
        "core.templatetags.core_tags": "tags of media and content are to part from it",
        "exchange.amb.record": "one subject: a record of AMB, checked field by field",
        "library.models.entry": "what all entries share: fields, panels, search content",
        "search.answer.service": "six stages in one file",
        "search.engines.elasticsearch.engine": "one class for reading, writing and words",
        "search.engines.embedded.engine": "one class for reading, writing and words",
    },
}
"""What does not hold yet, by rule and name, with the reason. It may only shrink."""
