"""Addresses under `/community/`; those of spaces last, which can have any name."""

from community import (
    announcement_urls,
    article_urls,
    event_urls,
    member_urls,
    moderation_urls,
    notice_urls,
    talk_urls,
)

app_name = "community"
urlpatterns = [
    *member_urls.urlpatterns,
    *announcement_urls.urlpatterns,
    *event_urls.urlpatterns,
    *article_urls.urlpatterns,
    *moderation_urls.urlpatterns,
    *notice_urls.urlpatterns,
    *talk_urls.urlpatterns,
]
