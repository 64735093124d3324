"""Addresses of notices and of what is followed."""

from django.urls import URLPattern, path

from community.views import notices

urlpatterns: list[URLPattern] = [
    path("follow/<slug:kind>/<slug:key>/", notices.follow, name="follow"),
    path("following/", notices.following, name="following"),
    path("notifications/", notices.notification_list, name="notification_list"),
    path("notifications/about/<int:pk>/", notices.news_page, name="news_page"),
    path("notifications/read/", notices.notification_read, name="notification_read"),
]
