"""The playground: a local web page that is a chat, with the real engine behind it; the third platform."""
