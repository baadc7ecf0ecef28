"""The program: chat, clock and wiring."""
