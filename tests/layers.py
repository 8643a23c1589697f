"""Who may import whom, and what does not hold yet: the tables of `test_layers.py`, as docs/architecture.md draws them."""

from __future__ import annotations

_FLOOR = {"core"}
_BELOW_PAGES = {"core", "media", "vocabularies", "content"}
_PAGES = {*_BELOW_PAGES, "directory", "library", "events", "news", "people"}
_ENTRANCES = {*_PAGES, "search"}

MAY_IMPORT: dict[str, set[str]] = {
    "core": set(),
    "accounts": _FLOOR,
    "media": _FLOOR,
    "vocabularies": _FLOOR,
    "content": {"core", "media", "vocabularies"},
    "directory": _BELOW_PAGES,
    "library": {*_BELOW_PAGES, "directory"},
    "events": {*_BELOW_PAGES, "directory"},
    "news": {*_BELOW_PAGES, "directory"},
    "people": {*_BELOW_PAGES, "directory"},
    "search": {"core", "vocabularies"},
    "visitors": _ENTRANCES,
    "exchange": _ENTRANCES,
    "home": {*_ENTRANCES, "visitors", "exchange"},
    "demo": {*_ENTRANCES, "visitors", "exchange", "home"},
    "config": {*_ENTRANCES, "accounts", "visitors", "exchange", "home"},
}
"""What each app may import of the others. Nobody imports `demo`."""

_ASKING = {"document", "models", "analysis", "facets", "words"}

SEARCH_MAY_IMPORT: dict[str, set[str]] = {
    "analysis": set(),
    "document": {"analysis"},
    "models": {"analysis"},
    "threads": set(),
    "meaning": {"document", "models", "threads"},
    "words": {"analysis", "models"},
    "facets": set(),
    "question": {*_ASKING},
    "engines": {*_ASKING, "meaning", "question"},
    "index": {*_ASKING, "engines", "meaning", "question"},
    "answer": {*_ASKING, "engines", "meaning", "question", "threads", "usage"},
    "page": {*_ASKING, "answer", "engines", "question"},
    "usage": {*_ASKING, "engines", "question"},
    "web": {*_ASKING, "answer", "engines", "page", "question", "usage"},
    "editors": {*_ASKING, "answer", "engines", "index", "page", "question", "usage", "web"},
    "templatetags": {*_ASKING, "answer", "engines", "page", "question"},
    "management": {*_ASKING, "engines", "index", "meaning", "question"},
    "checks": {*_ASKING, "engines", "meaning", "question"},
    "apps": {"answer", "checks", "index", "meaning", "models", "usage"},
    "roles": {"models"},
    "urls": {"facets", "web"},
    "wagtail_hooks": {"editors"},
}
"""The steps of the search: `web > page > answer > engines > question > facets | analysis`, and
`index > engines`; `index` and `answer` do not know each other."""

DOORS: dict[str, set[str]] = {
    "config.api": {"config.api.pages"},
    "content.blocks": {"content.blocks.body", "content.blocks.text"},
    "directory.answers": {"directory.answers.consultation", "directory.answers.networks"},
    "directory.importers": {"directory.importers.networks"},
    "events.answers": {"events.answers.events", "events.answers.known"},
    "exchange.amb": {"exchange.amb.concepts", "exchange.amb.pages"},
    "exchange.oai": {"exchange.oai.views"},
    "exchange.skos": {"exchange.skos.views"},
    "media.confined": {"media.confined.run", "media.confined.landlock"},
    "media.extraction": {"media.extraction.process", "media.extraction.outcome"},
    "media.extraction.av": {
        "media.extraction.av.captions",
        "media.extraction.av.pictures",
        "media.extraction.av.recordings",
        "media.extraction.av.signs",
    },
    "media.extraction.books": {
        "media.extraction.books.decoding",
        "media.extraction.books.epub",
        "media.extraction.books.webpage",
    },
    "media.extraction.bundles": {"media.extraction.bundles.h5p", "media.extraction.bundles.listing"},
    "media.extraction.office": {
        "media.extraction.office.docx",
        "media.extraction.office.odt",
        "media.extraction.office.package",
        "media.extraction.office.pptx",
    },
    "media.extraction.pdf": {"media.extraction.pdf.first_page", "media.extraction.pdf.reader"},
    "media.extraction.personal": {"media.extraction.personal.cleaning"},
    "media.extraction.plain": {
        "media.extraction.plain.decoding",
        "media.extraction.plain.rtf",
        "media.extraction.plain.txt",
    },
    "media.extraction.tables": {"media.extraction.tables.ods", "media.extraction.tables.xlsx"},
    "media.metadata": {"media.metadata.strip"},
    "media.showing": {"media.showing.files", "media.showing.told"},
    "media.stored": {"media.stored.pictures", "media.stored.renditions", "media.stored.replacing"},
    "search.analysis": {"search.analysis.analysers", "search.analysis.tokens"},
    "search.answer": {
        "search.answer.lists",
        "search.answer.service",
        "search.answer.similar",
        "search.answer.suggestions",
        "search.answer.values",
    },
    "search.answer.meant": {
        "search.answer.meant.awaited",
        "search.answer.meant.calibration",
        "search.answer.meant.confidence",
        "search.answer.meant.fusion",
        "search.answer.meant.meaning",
        "search.answer.meant.nearest",
    },
    "search.engines": {"search.engines.base", "search.engines.current"},
    "search.engines.elasticsearch": {"search.engines.elasticsearch.engine"},
    "search.engines.embedded": {"search.engines.embedded.engine"},
    "search.facets": {"search.facets.facets", "search.facets.labels"},
    "search.index": {
        "search.index.drain",
        "search.index.embedding_progress",
        "search.index.embedding_queue",
        "search.index.embeddings",
        "search.index.outbox",
    },
    "search.meaning": {
        "search.meaning.current",
        "search.meaning.embedder",
        "search.meaning.making",
        "search.meaning.preparing",
        "search.meaning.recipe",
        "search.meaning.vectors",
    },
    "search.page": {"search.page.links", "search.page.present", "search.page.results"},
    "search.usage": {"search.usage.keeping", "search.usage.shown", "search.usage.tally", "search.usage.verdicts"},
    "search.web.api": {"search.web.api.endpoints"},
    "visitors.sending": {"visitors.sending.guarded", "visitors.sending.pace"},
}
"""Modules by which a folder is entered from outside; that of models is their package.

Some have several: analysis who analyses beside the values that come of it; engines the protocol beside the one that is chosen; an answer
one for each kind of question beside the values that it hands on; a page these values, who makes them, and the links of the search."""

OPEN_FOLDERS = {
    "accounts.brakes",
    "accounts.factor",
    "accounts.passwords",
    "accounts.sessions",
    "accounts.single_sign_on",
    "accounts.views",
    "accounts.watch",
    "config.http",
    "content.templatetags",
    "core.declared",
    "core.declared.people",
    "core.editing",
    "core.importing",
    "core.mails",
    "core.output",
    "core.running",
    "core.templatetags",
    "directory.partners",
    "exchange.amb.values",
    "media.serving",
    "media.templatetags",
    "people.portraits",
    "search.analysis.languages",
    "search.editors",
    "search.question",
    "search.web",
    "visitors.alerts",
    "visitors.contributing",
}
"""Folders whose modules are subjects of their own, each entered by itself."""

EXCEPTIONS: dict[str, dict[str, str]] = {
    "apps": {},
    "strings": {
        "vocabularies.models.concepts > related_model": "the one place that finds whatever field refers to a concept",
    },
    "search": {},
    "doors": {
        "search.index.condition": "health and the command ask whether the index is whole",
        "search.index.reading": "how many processes read is the command's to say",
        "search.index.rebuild": "the command builds",
        "search.index.signals": "connected when the app is ready",
        "search.index.verify": "the command compares",
    },
    "circles": {},
    "lines": {},
}
"""What does not hold yet, by rule and name, with the reason. It may only shrink."""
