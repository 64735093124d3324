"""Addresses under `/community/`."""

from community import event_urls, member_urls

app_name = "community"
urlpatterns = [*member_urls.urlpatterns, *event_urls.urlpatterns]
