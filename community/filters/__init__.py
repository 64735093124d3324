"""Query-string filters, the same for the pages, the API and the CSV export."""
