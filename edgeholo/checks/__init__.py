"""What ``edgeholo doctor`` and the page look at, one file a kind of finding; ``table`` has them all."""
