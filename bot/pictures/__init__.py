"""Pictures in chat: what they show, where everything stands on them, and the process in which they are drawn."""
