"""The style of documents, put into each of them: they are files that open anywhere."""
