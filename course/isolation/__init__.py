"""Student code and the tests of it: two processes, the link between them, and the sandbox."""
