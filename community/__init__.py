"""Members who talk, meet and moderate; knows every app below it."""
