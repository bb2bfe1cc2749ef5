"""The tables. Races are settled here, by unique and check constraints.

Classes are mapped with plain SQLAlchemy; `quizapp.extensions.db` binds them to the app.
"""

from quizapp.db.models.accounts import Account, Role, SignInLink, Throttle
from quizapp.db.models.attempts import Attempt, EndedBy, Item, Mode, Response, SavedAnswer
from quizapp.db.models.audit import AuditEvent
from quizapp.db.models.base import Base
from quizapp.db.models.classes import (
    Accommodation,
    Assignment,
    AssignmentDeck,
    Class,
    ClassTeacher,
    Enrolment,
    Excusal,
)
from quizapp.db.models.grading import AssignmentTally, ItemTally, Override, Regrade, Scope
from quizapp.db.models.library import (
    Choice,
    Deck,
    Draft,
    FileState,
    FileVersion,
    Origin,
    Passage,
    Question,
    QuestionFile,
    QuestionVersion,
    Source,
    VersionPassage,
)
from quizapp.db.models.studying import PassageRead, Reminders, ReviewCard, StudySettings

__all__ = [
    "Accommodation",
    "Account",
    "Assignment",
    "AssignmentDeck",
    "AssignmentTally",
    "Attempt",
    "AuditEvent",
    "Base",
    "Choice",
    "Class",
    "ClassTeacher",
    "Deck",
    "Draft",
    "EndedBy",
    "Enrolment",
    "Excusal",
    "FileState",
    "FileVersion",
    "Item",
    "ItemTally",
    "Mode",
    "Origin",
    "Override",
    "Passage",
    "PassageRead",
    "Question",
    "QuestionFile",
    "QuestionVersion",
    "Regrade",
    "Reminders",
    "Response",
    "ReviewCard",
    "Role",
    "SavedAnswer",
    "Scope",
    "SignInLink",
    "Source",
    "StudySettings",
    "Throttle",
    "VersionPassage",
]
