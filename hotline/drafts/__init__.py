"""Drafts (草稿): what a member of staff typed into a form and has not handed in."""
