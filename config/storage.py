"""Static files of a real site: named by their content, so that browsers keep them for good."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Renames also what our scripts import from each other; a module kept too long would meet newer ones."""

    support_js_module_import_aggregation = True
