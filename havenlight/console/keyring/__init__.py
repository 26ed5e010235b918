"""Keys of the organisation, its team and its members: pages whose browsers make and seal them."""
