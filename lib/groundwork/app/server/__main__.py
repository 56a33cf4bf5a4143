"""`python -m groundwork.app.server NOTEBOOKS`: what `groundwork app` starts."""

from groundwork.app.server.serving import Server

if __name__ == "__main__":
    Server.launch_instance()
