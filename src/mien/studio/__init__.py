"""The local web studio: FastAPI routers over the same core that the command line uses."""
