"""How the partner API behaves everywhere: pages, filters, limits and errors."""
