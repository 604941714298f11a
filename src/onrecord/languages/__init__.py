"""What is known of a language: word lists and patterns as data, code only where data cannot say it."""
