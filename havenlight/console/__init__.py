"""What a member sees at work."""
