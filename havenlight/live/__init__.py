"""The hot path: streams down, posts up, one durable append log; a bare ASGI application."""
