"""All addresses of the site. German has no prefix; further locales get theirs from `i18n_patterns`."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from config.api import wagtail_api
from config.robots import robots_txt
from config.sitemap import SITEMAPS
from search.api import api

urlpatterns = [
    path("admin/", include(admin_urls)),
    path("documents/", include(document_urls)),
    # Both answer below one prefix: first ours, then Wagtail's router takes what is left.
    path("api/v2/", api.urls),
    path("api/v2/", wagtail_api.urls),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", robots_txt),
    # Images only: documents are served by the view that knows who may read them.
    path("media/images/<path:path>", serve, {"document_root": settings.MEDIA_ROOT / "images"}),
    path("media/original_images/<path:path>", serve, {"document_root": settings.MEDIA_ROOT / "original_images"}),
    *i18n_patterns(
        path("", include("search.urls")),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
