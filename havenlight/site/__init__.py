"""Settings, addresses, the ASGI application and commands: the one place that knows every domain."""
