"""The life of a community resolution, from referral to Outcome 8."""
