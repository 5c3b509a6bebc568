"""What an answer is counted with: ratios between groups, follow-up windows and survival."""
