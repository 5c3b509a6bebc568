"""The tables of a case: beside the case itself, rows are added and never changed, and the last one counts."""

from amends.cases.models.case import (
    Asked,
    Assignment,
    Case,
    Circumstance,
    Conflict,
    Link,
    Record,
    Share,
    Step,
)
from amends.cases.models.deciding import Authority, Closure, DecisionDocument, Retention
from amends.cases.models.people import (
    Admission,
    Need,
    NotConsulted,
    OffenderSays,
    Person,
    VictimContact,
    VictimView,
    Withdrawal,
)
from amends.cases.models.resolving import (
    ActionEvent,
    AgreedAction,
    Agreement,
    BreachDecision,
    LetterStep,
    Notice,
)

__all__ = [
    "ActionEvent", "Admission", "AgreedAction", "Agreement", "Asked", "Assignment", "Authority",
    "BreachDecision", "Case", "Circumstance", "Closure", "Conflict", "DecisionDocument", "LetterStep",
    "Link", "Need", "NotConsulted", "Notice", "OffenderSays", "Person", "Record", "Retention", "Share",
    "Step", "VictimContact", "VictimView", "Withdrawal",
]  # fmt: skip
