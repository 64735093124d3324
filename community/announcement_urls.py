"""Addresses of announcements: for those who write them, and for those who got them."""

from django.urls import URLPattern, path

from community.views import announcements as views
from community.views import announcements_got as got

_ONE = "announcements/<int:pk>"
urlpatterns: list[URLPattern] = [
    path("announcements/", views.AnnouncementListView.as_view(), name="announcement_list"),
    path("announcements/new/", views.announcement_begin, name="announcement_begin"),
    path(f"{_ONE}/", views.announcement_detail, name="announcement_detail"),
    path(f"{_ONE}/edit/", views.announcement_edit, name="announcement_edit"),
    path(f"{_ONE}/test/", views.announcement_test, name="announcement_test"),
    path(f"{_ONE}/send/", views.announcement_send, name="announcement_send"),
    path(f"{_ONE}/stop/", views.announcement_stop, name="announcement_stop"),
    path(f"{_ONE}/discard/", views.announcement_discard, name="announcement_discard"),
    path("my/announcements/", got.announcements_got, name="announcements_got"),
    path("my/announcements/<int:pk>/", got.announcement_read, name="announcement_read"),
]
