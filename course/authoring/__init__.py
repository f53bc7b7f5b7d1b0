"""From a lesson's text to what is published: notebooks, their linter, release, bundle, web book."""
