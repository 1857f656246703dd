"""What the integration tests stand on: real processes, their ports and files, and ways to look at them."""
