"""From a class's submissions to its marks: find, skip what is up to date, work, record, tell."""
