"""What all tests need of the process that they run in."""

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # a job in the background: its children would be deaf to Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)
