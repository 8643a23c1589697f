"""What visitors send and the site stores."""

from visitors.models.alerts import Newsletter, Subscription
from visitors.models.barriers import BarrierReport
from visitors.models.contributions import Contribution, ContributionFile, ContributionStep

__all__ = ["BarrierReport", "Contribution", "ContributionFile", "ContributionStep", "Newsletter", "Subscription"]
