"""Addresses under `/community/`."""

from community import member_urls

app_name = "community"
urlpatterns = [*member_urls.urlpatterns]
