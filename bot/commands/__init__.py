"""What the bot does when it is spoken to: one file a command or family of commands, all listed in ``table.py``."""
