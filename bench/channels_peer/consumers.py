"""The tutorial's consumer (part 3, asynchronous), which also saves each message."""

import json
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer

from bench.channels_peer.models import Message


class ChatConsumer(AsyncWebsocketConsumer):
    """One WebSocket of a room; what comes in is saved and sent to all of the room."""

    async def connect(self) -> None:
        """Join the room."""
        self.room = self.scope["url_route"]["kwargs"]["room"]
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        """Leave the room."""
        await self.channel_layer.group_discard(self.room, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Save a message, then send it to the room."""
        message = json.loads(text_data or "")["message"]
        await Message.objects.acreate(room=self.room, text=message)
        await self.channel_layer.group_send(self.room, {"type": "chat.message", "message": message})

    async def chat_message(self, event: dict[str, Any]) -> None:
        """Send what the room was sent."""
        await self.send(text_data=json.dumps({"message": event["message"]}))
