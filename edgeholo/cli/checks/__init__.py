"""What ``edgeholo doctor`` looks at, one file a kind of finding; ``table`` has them all."""
