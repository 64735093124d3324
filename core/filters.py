"""What filters of several apps share."""

from __future__ import annotations

from typing import Any

import django_filters as df


class ChoicesFilter(df.MultipleChoiceFilter):
    """Things with any of the values chosen in one of their own columns, or in one that a link of
    theirs leads to. None can be found twice, so the database need not look for that.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("distinct", False)
        super().__init__(*args, **kwargs)
