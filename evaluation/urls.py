"""Addresses under `/evaluation/`."""

from evaluation import (
    exchange_urls,
    figure_urls,
    framework_urls,
    pack_urls,
    story_urls,
    update_urls,
)

app_name = "evaluation"
urlpatterns = [
    *exchange_urls.urlpatterns,
    *framework_urls.urlpatterns,
    *update_urls.urlpatterns,
    *figure_urls.urlpatterns,
    *story_urls.urlpatterns,
    *pack_urls.urlpatterns,
]
