"""Static files of a real site: named by their content, so that browsers may keep them forever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Storage that also renames what our scripts import: a module cached too long would meet newer ones."""

    support_js_module_import_aggregation = True
