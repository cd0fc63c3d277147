"""Out: topics and payloads, the waiting room for a broker that is away, and the connection itself."""
