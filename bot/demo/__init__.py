"""The demonstration's sample outlets: made-up news in the formats of real outlets, served on loopback."""
