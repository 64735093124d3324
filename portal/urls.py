"""The URL map: pages per app, one versioned API."""

from django.contrib import admin
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from catalogue.views.search import SearchView
from core.display import set_display
from portal import api, health, sitemaps, views

handler400 = "portal.views.bad_request"
handler403 = "portal.views.permission_denied"
handler404 = "portal.views.page_not_found"
handler500 = "portal.views.server_error"

urlpatterns = [
    path("", views.FrontPageView.as_view(), name="front_page"),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/", include(api.urlpatterns)),
    path("catalogue/", include("catalogue.urls")),
    path("community/", include("community.urls")),
    path("display/", set_display, name="set_display"),
    path("evaluation/", include("evaluation.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("hubs/", include("hubs.urls")),
    # A choice of language harms nobody, and pages without a token can be shared.
    path("i18n/setlang/", csrf_exempt(set_language), name="set_language"),
    path("readyz", health.readyz, name="readyz"),
    path("search/", SearchView.as_view(), name="search"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/<slug:section>.xml", sitemaps.section, name="sitemap_section"),
]
