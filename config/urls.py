"""All addresses of the site. German has no prefix; further locales get theirs from `i18n_patterns`."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from config.api.pages import wagtail_api
from config.http import health
from config.http.robots import robots_txt
from config.http.security_txt import security_txt
from config.http.sitemap import SITEMAPS
from core.declared import addresses
from media.serving import captions, documents, images
from search.web.api.endpoints import api

urlpatterns = [
    # Ours first, at the same addresses: wherever a password is typed.
    path("", include("accounts.urls")),
    path("admin/", include(admin_urls)),
    path("documents/<int:document_id>/track.vtt", captions.track, name="captions"),
    path("documents/<int:document_id>/<path:document_filename>", documents.serve),
    # Wagtail's document address has the same form: reversed by its name, answered above.
    path("documents/", include(document_urls)),
    # Both share a prefix: ours first, then Wagtail's router takes the rest.
    path("api/v2/", api.urls),
    path("api/v2/", wagtail_api.urls),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", robots_txt),
    path(".well-known/security.txt", security_txt),
    path("health/live", health.live),
    path("health/ready", health.ready),
    *addresses.registered(),
    # Nothing else in the media folder has an address.
    path("media/images/<path:path>", images.rendition),
    path("media/original_images/<path:path>", images.original),
    *i18n_patterns(
        path("", include("search.urls")),
        path("", include("visitors.urls")),
        path("", include(wagtail_urls)),
        prefix_default_language=False,
    ),
]
