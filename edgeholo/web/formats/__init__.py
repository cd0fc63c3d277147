"""What an uploaded file is, told by its content from the first byte to the last, before any decoder sees it."""
