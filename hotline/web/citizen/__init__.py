"""The citizen's portal: tell, follow, look up; every page works without JavaScript."""
