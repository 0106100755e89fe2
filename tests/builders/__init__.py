"""What several tests build: rooms, phones, servers, lessons."""
