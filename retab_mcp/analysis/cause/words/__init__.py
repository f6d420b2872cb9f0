"""Words of error messages that show the kind of a failure, by where they count."""
