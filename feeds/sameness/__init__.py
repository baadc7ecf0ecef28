"""Are two articles the same text, or the same event? Pure decisions; the candidates come from the database."""
