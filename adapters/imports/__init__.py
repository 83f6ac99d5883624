"""Readers of what other systems hand over: exports of chats, lists of customers."""
