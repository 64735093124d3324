"""`make bench`: what a page costs, beside a bare Django page of the same rows."""
