"""A small Bot API server on loopback with a chat page: homefront without a Telegram account, and its main test double."""
