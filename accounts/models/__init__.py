"""What is kept of accounts beside the user: brakes, the log of logins, second factors, sessions, identities elsewhere."""

from accounts.models.brake import Brake
from accounts.models.factor import RecoveryCode, SecondFactor
from accounts.models.identity import Identity
from accounts.models.login import Login
from accounts.models.session import AccountSession

__all__ = ["AccountSession", "Brake", "Identity", "Login", "RecoveryCode", "SecondFactor"]
