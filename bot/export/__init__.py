"""Articles written as files that others can read, sift and cite."""
