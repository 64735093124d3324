"""Addresses under `/community/`."""

from community import member_urls, moderation_urls

app_name = "community"
urlpatterns = [*moderation_urls.urlpatterns, *member_urls.urlpatterns]
