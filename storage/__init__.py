"""What is remembered: synchronous, and knowing nothing of HTTP or Telegram."""
