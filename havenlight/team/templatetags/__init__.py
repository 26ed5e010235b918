"""Tags of templates that every page of a member may use."""
