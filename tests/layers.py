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

_ASKING = {"document", "models", "analysis", "facets"}

SEARCH_MAY_IMPORT: dict[str, set[str]] = {
    "analysis": set(),
    "document": {"analysis"},
    "models": {"analysis"},
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
    "demo.files": {"demo.files.writers"},
    "directory.importers": {"directory.importers.networks"},
    "exchange.amb": {"exchange.amb.pages", "exchange.amb.reader"},
    "media.extraction": {"media.extraction.process", "media.extraction.outcome"},
    "media.metadata": {"media.metadata.strip"},
    "search.analysis": {"search.analysis.german"},
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
"""Modules by which a folder is entered from outside; that of models is their package. Engines and questions have two:
the protocol beside the one that is chosen, the request beside the tree that both sides of an engine speak."""

OPEN_FOLDERS = {
    "config.http",
    "core.declared",
    "core.editing",
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
        "config.urls > demo.styleguide": "the styleguide gets its address from `demo` by registration",
        "home.management.commands.setup_site > demo.library": "the site's own pages still stand in the sample's data",
        "home.setup > demo.directory": "regions are the product's, their loader stands with the sample",
        "home.setup > demo.library": "the site's own pages still stand in the sample's data",
        "media.reading > search.index.outbox": "media is to announce changed contents, search to listen",
        "media.reading > search.models": "media is to announce changed contents, search to listen",
        "media.viewsets > library.models": "which pages can take a cover is to be declared by them",
        "search.answer.service > content.citations": "a Reference is to become a value of `core.declared`",
        "search.facets.labels > library.models": "topics of public pages are to be declared by their facet's source",
        "search.index.concerned > media.use": "media is to announce changed contents, search to listen",
        "search.index.signals > library.models": "links of topics are to be announced by whoever owns them",
        "search.index.signals > media.use": "media is to announce changed contents, search to listen",
        "search.page.results > content.citations": "a Reference is to become a value of `core.declared`",
    },
    "strings": {
        "content.blocks.dynamic > directory.NetworkPage": "the block of next dates is to be registered by events",
        "demo.events > related_model": "the sample finds concepts by the field",
        "demo.library > related_model": "the sample finds concepts by the field",
        "config.api.pages > related_model": "checks values of whatever relation the API filters by",
        "directory.models.overviews > home.HomePage": "home is to take what declares itself top level",
        "events.blocks > library.LibraryPage": "the chooser of materials names its type",
        "events.models.overview > home.HomePage": "home is to take what declares itself top level",
        "events.models.series > related_model": "reaches networks through its own field",
        "library.models.shelf > home.HomePage": "home is to take what declares itself top level",
        "library.serializers > related_model": "serialises whatever a row points to",
        "news.models.items > related_model": "finds the default language by the field",
        "news.models.overview > home.HomePage": "home is to take what declares itself top level",
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
        "search.analysis.hyphenation": "templates ask where words break",
        "search.answer.similar": "similar entries have no part in a search",
        "search.answer.suggestions": "suggestions have no part in a search",
        "search.index.condition": "health and the command ask whether the index is whole",
        "search.index.reading": "how many processes read is the command's to say",
        "search.index.rebuild": "the command builds",
        "search.index.signals": "connected when the app is ready",
        "search.index.verify": "the command compares",
        "search.page.addresses": "links of the search are still made in three places",
        "search.question.editorial": "pins and words are asked for by answer and index",
        "search.question.parsing": "the service still parses",
        "search.question.ranking": "the service still weighs",
    },
    "circles": {
        "directory.counts directory.exports directory.figure directory.finder directory.models directory.models.members "
        "directory.models.networks directory.models.overviews": "helpers import the package of models",
        "events.calendars events.feeds events.forms events.listing events.models events.models.overview "
        "events.models.series events.month events.schedule": "helpers import the package of models",
        "news.feeds news.listing news.models news.models.overview": "helpers import the package of models",
        "search.analysis.german search.analysis.marking": "marking needs words, words need relatives",
        "search.index.concerned search.index.drain search.index.outbox": "the outbox knows the drain",
    },
    "lines": {
        "core.templatetags.core_tags": "tags of media and content are to part from it",
        "demo.covers": "drawing, to be replaced by files",
        "demo.library": "the loaders of the samples are to become one",
        "directory.importers.networks": "to be built on the kit of importers",
        "exchange.amb.pages": "to be built on the kit of importers",
        "exchange.amb.record": "one subject: a record of AMB, checked field by field",
        "library.models.entry": "what all entries share: fields, panels, search content",
        "search.analysis.decompound": "lexicon, lemmas and compounds are to part",
        "search.analysis.german": "tokens, neighbours and analysis are to part",
        "search.answer.service": "six stages in one file",
        "search.engines.elasticsearch.engine": "one class for reading, writing and words",
        "search.engines.embedded.engine": "one class for reading, writing and words",
    },
}
"""What does not hold yet, by rule and name, with the reason. It may only shrink."""
