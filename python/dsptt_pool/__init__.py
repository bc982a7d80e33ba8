"""Workers of a Ray cluster for one client: ``python -m dsptt_pool`` places them as its standard input asks."""
