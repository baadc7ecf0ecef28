"""The methods of the Bot API that the local chat answers, one file a family; `table` lists them all."""
