"""What a researcher works with: estimates of a hidden population, made apart from the chats."""
