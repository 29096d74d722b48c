"""The script that compares riskset with its peers, in parts."""
