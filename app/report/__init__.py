"""The report for a council: one page of HTML from the folder of a study, readable without the program or a network.

``record`` keeps in ``summary.json`` what a report needs beside the numbers; ``folder`` reads a study; ``of_run``,
``of_compare``, ``of_sweep`` and ``of_sensitivity`` compose its page from the numbers; ``write`` renders it.
"""
