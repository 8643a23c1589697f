"""An app with one page type and all that it takes: model, template, migration, a row of relevance data."""
