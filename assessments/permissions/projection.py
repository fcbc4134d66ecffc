"""Who reads what the cards of the running year would say, and who has them counted anew [5.2]?"""

from workshops.permissions import is_office, reads_registers

reads_projections = reads_registers  # the house; a studio has its own page
renews_projections = is_office
