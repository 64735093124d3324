"""/community/"""

from django.urls import path

from community import views

app_name = "community"
urlpatterns = [
    path("members/", views.MemberListView.as_view(), name="member_list"),
    path("members/<slug:slug>/badge.svg", views.member_badge, name="member_badge"),
    path("members/<slug:slug>/", views.member_detail, name="member_detail"),
]
