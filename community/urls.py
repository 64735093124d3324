"""Addresses under `/community/`."""

from community import member_urls, notice_urls

app_name = "community"
urlpatterns = [*member_urls.urlpatterns, *notice_urls.urlpatterns]
