"""What the assistant runs as a user, beside what the model writes."""
