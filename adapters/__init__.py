"""adapters face the outside: files, shell, clock and chats."""
