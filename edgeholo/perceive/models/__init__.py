"""The model files: where they come from, how they are verified, and the surgery on them."""
