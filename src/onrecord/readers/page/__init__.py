"""The parts of the HTML reader: blocks of text, embedded posts, furniture, what the page says of itself."""
