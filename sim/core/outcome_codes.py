"""What a run notes as small numbers and its tables show as words: each list of codes, declared once.

A code is the place of its word in the list, from 0 on. Compiled rules write the code; tables, the texts that describe
their columns, stories and the live city take the word from here. A list grows at its end, so that codes stay what they
were; a new word is given its code in the line below, and is then in every table.
"""

from sim.core.compiled import codes

# Classes of crews, each with what a story calls one of its crews.
CREW_WORDS = {"line": "line crew", "trouble": "trouble truck", "transmission": "transmission crew"}
CREW_CLASSES = tuple(CREW_WORDS)
LINE, TROUBLE, TRANSMISSION = codes(len(CREW_CLASSES))
DISTRIBUTION_CREWS = CREW_CLASSES[:TRANSMISSION]  # those that mend the grid of the city

# What became of a report.
REPORT_OUTCOMES = ("logged", "busy", "hung up", "by a neighbour", "call-back", "liaison visit")
REPORT_LOGGED, REPORT_BUSY, REPORT_HUNG_UP, REPORT_PROXY, REPORT_CALLBACK, REPORT_VISIT = codes(len(REPORT_OUTCOMES))

# What opened an order, or led to a fault: what customers and their meters tell is a guess, from BY_SENSING on a fact.
SOURCES = ("report", "meter", "call-back", "sensing", "patrol", "crew", "perfect knowledge", "release")
BY_REPORT, BY_METER, BY_CALLBACK, BY_SENSING, BY_PATROL, BY_CREW, BY_KNOWLEDGE, BY_RELEASE = codes(len(SOURCES))

# How an order or a job ended.
OUTCOMES = ("open", "repaired", "upstream", "downstream", "nothing", "merged", "withdrawn", "refused", "owner")
OPEN, REPAIRED_OUTCOME, UPSTREAM, DOWNSTREAM, NOTHING_FOUND, MERGED, WITHDRAWN, REFUSED, OWNER_FIRST = codes(
    len(OUTCOMES)
)
ONLY_ORDERS = ("merged", "withdrawn", "refused")  # no crew comes to these
ONLY_JOBS = ("owner",)  # the order stays open

# Where the hours without power went, in the order of what happens to a household, and what is counted beside these.
PARTS = ("undetected_h", "waiting_h", "search_h", "owner_h", "repair_h")
BESIDE = ("behind_two_faults_h", "falsely_closed_h")
