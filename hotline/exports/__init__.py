"""Large exports (后台导出): asked for on a page, written by a worker, fetched while kept."""
