"""The reviewer's page: each reply beside the citizen's words."""
