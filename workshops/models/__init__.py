"""The records of living in the park, one file per concept."""

from workshops.models.attendance import AttendanceSheet, CheckIn, Leave, LeaveStatus, ParkClosure
from workshops.models.lead import AttractionLead, LeadContact, LeadStatus, WORKED_ON
from workshops.models.leader_change import LeaderChange, LeaderChangeStatus, LeaderNomination, NominationGround, OPEN_CHANGE
from workshops.models.residency import IN_PARK, Occupancy, Residency, ResidencyStatus, Room, STANDING
from workshops.models.studio import Person, READERS, RecognitionEvent, Studio, StudioRecordQuerySet

__all__ = ['AttendanceSheet', 'AttractionLead', 'CheckIn', 'IN_PARK', 'LeadContact', 'LeadStatus', 'LeaderChange', 'LeaderChangeStatus', 'LeaderNomination', 'Leave', 'LeaveStatus', 'NominationGround', 'OPEN_CHANGE', 'Occupancy', 'ParkClosure', 'Person', 'READERS', 'RecognitionEvent', 'Residency', 'ResidencyStatus', 'Room', 'STANDING', 'Studio', 'StudioRecordQuerySet', 'WORKED_ON']
