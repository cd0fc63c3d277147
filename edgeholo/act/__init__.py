"""The house listens: rules turn what people mean into what devices do."""
