"""What the interoperability tests share: the system under test, tokens, and clients that are not ours."""
