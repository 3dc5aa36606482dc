"""What belongs together: similar messages, one matter told by many (相似与聚类)."""
