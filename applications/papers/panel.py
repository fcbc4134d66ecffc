"""TODO"""

KINDS = {}
STUDIO_KINDS = []
