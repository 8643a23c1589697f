"""Everything a real site does without: sample library, styleguide, demo login."""

from django.apps import AppConfig
from django.urls import path


class DemoConfig(AppConfig):
    """The sample site."""

    name = "demo"
    verbose_name = "Demo"

    def ready(self) -> None:
        """Register the steps of `prepare_site --demo` and the address of the styleguide."""
        from core.declared import addresses
        from core.running import preparation
        from demo.styleguide import styleguide

        preparation.register("demo", ("load_sample_library", {}), ("extract_documents", {}), ("demo_login", {}))
        addresses.register(path("styleguide/", styleguide, name="styleguide"))
