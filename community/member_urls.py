"""Addresses of members."""

from django.urls import URLPattern, path

from community.views import members

urlpatterns: list[URLPattern] = [
    path("members/", members.MemberListView.as_view(), name="member_list"),
    path("members/<slug:slug>/badge.svg", members.member_badge, name="member_badge"),
    path("members/<slug:slug>/", members.member_detail, name="member_detail"),
]
