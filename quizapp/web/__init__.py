"""The pages: parse what a browser sends, one operation or query, respond."""
