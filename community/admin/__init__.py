"""The community in the admin: what could not be told. What one follows and is told is nobody
else's affair.
"""

from community.admin.notices import FanOutAdmin

__all__ = ["FanOutAdmin"]
