"""The visitor's page, the queue, conversations and sealed messages; knows no case."""
