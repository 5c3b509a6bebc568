"""A whole history judged by the policy of each day: who could have allowed each, and who did."""
