"""An app with one page type: all that it takes for a page to be served, found, listed, fed and edited."""
