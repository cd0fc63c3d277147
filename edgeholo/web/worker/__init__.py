"""The process that opens what strangers send: it decodes, looks and draws, and can do nothing else."""
