"""Addresses of spaces, threads and posts; last of all, since a space can have any name."""

from django.urls import URLPattern, path

from community.views import comments, posts, spaces, threads
from community.views import thread_acts as acts
from community.views import thread_writing as writing

_THREAD = "threads/<int:pk>"
_POST = "posts/<int:pk>"
urlpatterns: list[URLPattern] = [
    path("", spaces.community_home, name="community_home"),
    path("spaces/new/", spaces.space_begin, name="space_begin"),
    path("threads/", threads.ThreadListView.as_view(), name="thread_list"),
    path("threads/read/", acts.threads_read, name="threads_read"),
    path(f"{_THREAD}/unread/", threads.thread_unread, name="thread_unread"),
    path(f"{_THREAD}/reply/", writing.thread_reply, name="thread_reply"),
    path(f"{_THREAD}/people/", writing.thread_people, name="thread_people"),
    path(f"{_THREAD}/edit/", acts.thread_edit, name="thread_edit"),
    path(f"{_THREAD}/close/", acts.thread_close, name="thread_close"),
    path(f"{_THREAD}/reopen/", acts.thread_reopen, name="thread_reopen"),
    path(f"{_THREAD}/remove/", acts.thread_remove, name="thread_remove"),
    path(f"{_THREAD}/restore/", acts.thread_restore, name="thread_restore"),
    path(f"{_THREAD}/move/", acts.thread_move, name="thread_move"),
    path(f"{_THREAD}/merge/", acts.thread_merge, name="thread_merge"),
    path(f"{_THREAD}/draft/", acts.thread_draft, name="thread_draft"),
    path(f"{_THREAD}/split/", acts.thread_split, name="thread_split"),
    *(
        path(f"{_THREAD}/{mark}/", acts.thread_mark, {"mark": mark}, name=f"thread_{mark}")
        for mark in acts.MARKS
    ),
    path(f"{_POST}/", posts.post_detail, name="post_detail"),
    path(f"{_POST}/edit/", posts.post_edit, name="post_edit"),
    path(f"{_POST}/history/", posts.post_history, name="post_history"),
    path(f"{_POST}/remove/", posts.post_remove, name="post_remove"),
    path(f"{_POST}/restore/", posts.post_restore, name="post_restore"),
    path(f"{_POST}/useful/", posts.post_useful, name="post_useful"),
    path(f"{_POST}/accept/", posts.post_accept, name="post_accept"),
    path("posts/files/<int:pk>/", posts.post_file, name="post_file"),
    path("about/<slug:name>/<slug:slug>/", comments.comment, name="comment"),
    path("<slug:slug>/", spaces.SpaceView.as_view(), name="space_detail"),
    path("<slug:slug>/new/", writing.thread_begin, name="thread_begin"),
    path("<slug:slug>/edit/", spaces.space_edit, name="space_edit"),
    path("<slug:slug>/archive/", spaces.space_archive, name="space_archive"),
    path("<slug:slug>/people/", spaces.space_people, name="space_people"),
    path("<slug:slug>/people/<slug:member>/remove/", spaces.person_remove, name="person_remove"),
    path("<slug:place>/<int:pk>-<slug:slug>/", threads.thread_detail, name="thread_detail"),
]
