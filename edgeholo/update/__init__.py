"""A new version beside the old one, a minute on trial, and the way back. Runs as root, apart from the daemon."""
