"""The server behind the pages: Voila with fewer doors, stricter headers and a limit on kernels."""
